<#
.SYNOPSIS
    One test per VM and destination of an inventory: can the VM migrate there now?

.EXAMPLE
    Invoke-Pester samples/audit
    Shows which VMs cannot migrate, and why.

.EXAMPLE
    $container = New-PesterContainer -Path samples/audit/MigrationReadiness.Tests.ps1 -Data @{ Inventory = '/etc/livemigration/inventory.psd1' }
    Invoke-Pester -Container $container -CI
    The same for another inventory, with a results file for a build server and an exit code.
#>
param([string] $Inventory = "$PSScriptRoot/inventory.psd1")

BeforeDiscovery {
    $ErrorActionPreference = 'Stop'
    Import-Module LiveMigration

    $plan = Import-PowerShellDataFile $Inventory
    foreach ($name in $plan.Hosts.Keys) { $null = Connect-LibvirtHost $plan.Hosts[$name] -Name $name }
    $how = @{}
    if ($plan.Policy) { $how.Policy = Join-Path (Split-Path $Inventory) $plan.Policy }
    if ($plan.AtOnce) { $how.ThrottleLimit = $plan.AtOnce }

    # Each pair is tested in one call: hosts once, VMs in parallel.
    $reports = foreach ($pair in $plan.Pairs) {
        Test-MigrationReadiness $pair.VMs -HostName $pair.Source -Destination $pair.Destination @how | ForEach-Object { @{ Report = $_ } }
    }
    if (-not $reports) { throw "The inventory '$Inventory' names no existing VM." }
}

Describe 'Migration readiness' {
    # A module that was imported before Pester could not register -BeMigrationReady.
    BeforeAll { . "$((Get-Module LiveMigration).ModuleBase)/LiveMigration.Pester.ps1" }

    It '<Report.Name> can migrate from <Report.Source> to <Report.Destination>' -ForEach $reports {
        $Report | Should -BeMigrationReady
    }
}
