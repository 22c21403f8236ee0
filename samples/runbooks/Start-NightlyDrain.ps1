<#
.SYNOPSIS
    Evacuates a host within a time window, and reports the result as JSON and an exit code.
.DESCRIPTION
    Starts with the smallest VM as a canary, stops after too many failures, and leaves VMs that would not complete within the window where they
    are. Migrations left unfinished by an earlier, killed run are settled first. The exit codes are in Summary.ps1. -WhatIf shows the
    plan and ends with 0.

    This folder contains a service and a timer for systemd: copy them to /etc/systemd/system, then run
    systemctl enable --now livemigration-drain@kvm1.timer. Or with cron:

    0 2 * * 6  root  pwsh -NoProfile -File /opt/livemigration/runbooks/Start-NightlyDrain.ps1 kvm1 kvm2,kvm3 -Summary /var/log/drain-kvm1.json
.PARAMETER HostName
    The host to evacuate: a host name for ssh, a libvirt alias, or a libvirt URI.
.PARAMETER Destination
    The destination hosts, separated by commas.
.PARAMETER Window
    How long the evacuation may take.
.PARAMETER Bandwidth
    Maximum bandwidth on each host's link.
.PARAMETER Fleet
    A fleet description: shared links, limits, VMs that must not share a host (about_LiveMigration_Fleets).
.PARAMETER MaxFailures
    After this many failed VMs, no further migration is started.
.PARAMETER Summary
    The file for the JSON summary.
.EXAMPLE
    ./Start-NightlyDrain.ps1 kvm1 kvm2,kvm3 -Window 02:30:00 -Bandwidth 1Gbit/s -Summary /var/log/drain-kvm1.json
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $HostName,
    [Parameter(Mandatory)] [string] $Destination,
    [timespan] $Window = '03:00:00',
    [string] $Bandwidth = '1Gbit/s',
    [string] $Fleet,
    [int] $MaxFailures = 3,
    [Parameter(Mandatory)] [string] $Summary
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$code = 3
$stopped = $true
try {
    # A summary of an earlier night could be mistaken for this one's.
    Remove-Item $Summary -ErrorAction Ignore
    Import-Module LiveMigration
    . $PSScriptRoot/Summary.ps1
    # Also with -WhatIf: what would happen is asked of the hosts.
    $source = Connect-LibvirtHost $HostName -WhatIf:$false
    $others = $Destination -split ',' | ForEach-Object { Connect-LibvirtHost $_.Trim() -WhatIf:$false }

    # Migrations that a killed run left unfinished are settled first.
    $left = @(Get-HostEvacuation -State Interrupted | Where-Object { -not $_.IsReturn -and $_.Plan.Goal -eq 'Evacuate' -and $source.Name -in $_.Sources })
    if ($left) { $left | Resume-HostEvacuation -ErrorAction Continue | Out-Null }

    # A VM that stays is reported in the summary; it must not end the script.
    $how = @{ Bandwidth = $Bandwidth; Canary = 1; MaxFailures = $MaxFailures; Deadline = (Get-Date) + $Window; OnDeadline = 'Leave' }
    if ($Fleet) { $how.Fleet = $Fleet }
    $evacuation = @(Start-HostEvacuation $source.Name -Destination $others.Name @how -ErrorAction Continue)[-1]
    if ($WhatIfPreference) { $code = 0 }
    else {
        Write-Summary (ConvertTo-Summary $evacuation) $Summary
        $code = Get-SummaryCode $evacuation
    }
    $stopped = $false
}
catch {
    $stopped = $false
    [Console]::Error.WriteLine("The drain of $HostName failed: $_")
}
finally {
    # A process that runs nothing else ends with the code also when it is stopped; PowerShell would end with 0. A shell that somebody types in stays.
    if ($stopped -and $PSCommandPath -in ([Environment]::GetCommandLineArgs() -ne '' | ForEach-Object { [IO.Path]::GetFullPath($_) })) { [Environment]::Exit($code) }
}
exit $code
