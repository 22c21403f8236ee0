<#
.SYNOPSIS
    One test for each VM and destination of an inventory: could it go there now?

.EXAMPLE
    Invoke-Pester samples/audit
    Shows what stands in the way of which VM.

.EXAMPLE
    $container = New-PesterContainer -Path samples/audit/MigrationReadiness.Tests.ps1 -Data @{ Inventory = '/etc/livemigration/inventory.yaml' }
    Invoke-Pester -Container $container -CI
    The same for another inventory, with a file of results for a build server, and an exit code.
#>
param([string] $Inventory = "$PSScriptRoot/inventory.yaml")

BeforeDiscovery {
    $ErrorActionPreference = 'Stop'
    Import-Module LiveMigration

    # The module reads YAML with a library of its own, which serves here as well.
    $context = [Runtime.Loader.AssemblyLoadContext]::GetLoadContext((Get-Command Test-MigrationReadiness).ImplementingType.Assembly)
    $reader = $context.LoadFromAssemblyName('YamlDotNet').GetType('YamlDotNet.Serialization.Deserializer')::new()
    $plan = $reader.Deserialize([IO.StringReader]::new((Get-Content $Inventory -Raw)))

    foreach ($name in $plan['hosts'].Keys) { $null = Connect-LibvirtHost $plan['hosts'][$name] -Name $name }
    $how = @{}
    if ($plan['policy']) { $how.Policy = Join-Path (Split-Path $Inventory) $plan['policy'] }
    if ($plan['atOnce']) { $how.ThrottleLimit = $plan['atOnce'] }

    # Each pair is asked in one go: hosts once, VMs in parallel.
    $reports = foreach ($pair in $plan['pairs']) {
        Test-MigrationReadiness $pair['vms'] -HostName $pair['source'] -Destination $pair['destination'] @how | ForEach-Object { @{ Report = $_ } }
    }
    if (-not $reports) { throw "The inventory '$Inventory' names no VM that there is." }
}

Describe 'Migration readiness' {
    # A module that was imported before Pester was there has not told it of -BeMigrationReady.
    BeforeAll { . "$((Get-Module LiveMigration).ModuleBase)/LiveMigration.Pester.ps1" }

    It '<Report.Name> can go from <Report.Source> to <Report.Destination>' -ForEach $reports {
        $Report | Should -BeMigrationReady
    }
}
