<#
.SYNOPSIS
    Empties a host within a window of time, and tells what came of it by JSON and an exit code.
.DESCRIPTION
    Begins with the smallest VM, stops after some that could not be moved, and leaves those that would not get done in the window where they
    are. What an earlier drain left on its way, whose process was killed, is settled first. The exit codes are in Summary.ps1. -WhatIf draws the
    plan, and ends with 0.

    Beside this script are a service and a timer for systemd: copy them to /etc/systemd/system, then
    systemctl enable --now livemigration-drain@kvm1.timer. With cron instead:

    0 2 * * 6  root  pwsh -NoProfile -File /opt/livemigration/runbooks/Start-NightlyDrain.ps1 kvm1 kvm2,kvm3 -Summary /var/log/drain-kvm1.json
.PARAMETER HostName
    The host to empty: a name that ssh knows, an alias of libvirt's, or a libvirt URI.
.PARAMETER Destination
    The hosts that may receive, with commas between them.
.PARAMETER Window
    How long it may take.
.PARAMETER Bandwidth
    What it may use of each host's link.
.PARAMETER Fleet
    A file that tells what the hosts do not: links they share, limits, VMs that belong apart (about_LiveMigration_Fleets).
.PARAMETER MaxFailures
    After so many VMs that could not be moved no other one begins.
.PARAMETER Summary
    The file for the JSON.
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
    # One of another night would be taken for this one's.
    Remove-Item $Summary -ErrorAction Ignore
    Import-Module LiveMigration
    . $PSScriptRoot/Summary.ps1
    $source = Connect-LibvirtHost $HostName
    $others = $Destination -split ',' | ForEach-Object { Connect-LibvirtHost $_.Trim() }

    # Whatever a killed drain left on its way is found first.
    Get-HostEvacuation -State Interrupted | Where-Object { -not $_.IsReturn -and $source.Name -in $_.Sources } | Resume-HostEvacuation -ErrorAction Continue | Out-Null

    # A VM that stays is in the summary; it must not end the script.
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
