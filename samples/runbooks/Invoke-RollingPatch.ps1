<#
.SYNOPSIS
    Patches the hosts of a cluster one after the other: each is put into maintenance, patched while it is empty, and gets its VMs back.
.DESCRIPTION
    Stops at the first host that cannot be emptied, whose hook fails, that does not come back, or whose VMs do not all return; the hosts after it
    are not touched, and no VM moves to a host that was not patched to the end. A host that is in maintenance already is somebody else's: nothing is
    begun. To continue, fix the host, end its maintenance with Exit-HostMaintenance, and run this script again with the hosts that are left and
    -Destination. The exit codes are in Summary.ps1. -WhatIf shows the plan for each host and ends with 0.
.PARAMETER HostName
    The hosts, separated by commas, in the order in which they are patched. Their VMs move to the others in the meantime.
.PARAMETER Destination
    Further hosts that take VMs in the meantime and are not patched, separated by commas.
.PARAMETER Hook
    The program that patches and restarts a host. It receives the host's name as its argument, and ends with 0 if the host was patched and has
    gone down, or is back.
.PARAMETER Patience
    How long to wait for a host's libvirt daemon afterwards.
.PARAMETER Reason
    What others see as the reason of the maintenance.
.PARAMETER Bandwidth
    Maximum bandwidth on each host's link.
.PARAMETER Summary
    The file for the JSON summary, which has an entry for each host that was begun.
.EXAMPLE
    ./Invoke-RollingPatch.ps1 kvm1,kvm2,kvm3 -Hook /usr/local/sbin/patch-host -Summary /var/log/rolling-patch.json
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $HostName,
    [string] $Destination,
    [Parameter(Mandatory)] [string] $Hook,
    [timespan] $Patience = '00:15:00',
    [string] $Reason = 'rolling patch',
    [string] $Bandwidth = '1Gbit/s',
    [Parameter(Mandatory)] [string] $Summary
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$code = 3
$stopped = $true
$current = $HostName
try {
    # A summary of an earlier run could be mistaken for this one's.
    Remove-Item $Summary -ErrorAction Ignore
    Import-Module LiveMigration
    . $PSScriptRoot/Summary.ps1
    . $PSScriptRoot/Wait-LibvirtHost.ps1
    # Also with -WhatIf: what would happen is asked of the hosts.
    $hosts = @($HostName -split ',' | ForEach-Object { Connect-LibvirtHost $_.Trim() -WhatIf:$false })
    $more = @($Destination -split ',' | Where-Object { $_ } | ForEach-Object { Connect-LibvirtHost $_.Trim() -WhatIf:$false })
    if ($hosts.Count + $more.Count -lt 2) { throw 'There is no other host for the VMs.' }
    $taken = Get-LibvirtHost $hosts.Name | Where-Object Maintenance
    if ($taken) { throw "$($taken.Name -join ', ') is in maintenance already: $($taken.Maintenance -join '; ')." }

    $story = [Collections.Generic.List[object]]::new()
    foreach ($one in $hosts) {
        # Until this host is begun, nothing of it was touched.
        $code = 3
        $current = $one.Name
        $others = @($hosts.Name -ne $one.Name) + $more.Name | Where-Object { $_ }
        $entered = @(Enter-HostMaintenance $one.Name -Destination $others -Reason $Reason -Bandwidth $Bandwidth -ErrorAction Continue)
        if ($WhatIfPreference) { $code = 0; continue }
        if (-not $entered) { throw "$current could not be put into maintenance." }
        $out = $entered | Where-Object { $_ -is [LiveMigration.Evacuation.HostEvacuation] }
        $chapter = [ordered]@{ host = $one.Name; patched = $false; out = $out ? (ConvertTo-Summary $out) : $null; home = $null }
        $story.Add($chapter)
        Write-Summary @($story) $Summary
        # From here on a failure leaves VMs away from home.
        $code = 2
        if ($out -and ($code = Get-SummaryCode $out)) { break }
        $code = 2
        if ($running = (Get-LibvirtHost $one.Name).RunningDomains) { throw "$running VMs still run on $current. It was not patched." }
        & $Hook $one.Name
        if ($LASTEXITCODE) { throw "$Hook ended with $LASTEXITCODE. $($one.Name) stays in maintenance." }
        $null = Wait-LibvirtHost $one ((Get-Date) + $Patience)
        $chapter.patched = $true

        $back = @(Exit-HostMaintenance $one.Name -Bandwidth $Bandwidth -ErrorAction Continue) | Where-Object { $_ -is [LiveMigration.Evacuation.HostEvacuation] }
        $chapter.home = $back ? (ConvertTo-Summary $back) : $null
        Write-Summary @($story) $Summary
        # VMs that are not back run elsewhere.
        $code = (Get-LibvirtHost $one.Name).Maintenance ? 2 : 0
        if ($code) { break }
    }
    $stopped = $false
}
catch {
    $stopped = $false
    [Console]::Error.WriteLine("Patching $current failed: $_")
}
finally {
    # A process that runs nothing else ends with the code also when it is stopped; PowerShell would end with 0. A shell that somebody types in stays.
    if ($stopped -and $PSCommandPath -in ([Environment]::GetCommandLineArgs() -ne '' | ForEach-Object { [IO.Path]::GetFullPath($_) })) { [Environment]::Exit($code) }
}
exit $code
