<#
.SYNOPSIS
    Balances a group of hosts within a time window, or packs its VMs onto fewer of them, and reports the result as JSON and an exit code.
.DESCRIPTION
    Measures the loads. -Goal Balance moves VMs only if the hosts are more uneven than -Threshold, so most nights it moves nothing. -Goal Pack empties
    whole hosts as long as the others have room, and room for -Keep hosts that fail; the summary names the hosts that are empty afterwards (emptied):
    powering them off, and on again before the morning, is left to the tool that manages the machines. Restore-VMPlacement with the summary's run.id
    moves the VMs back. Migrations left unfinished by an earlier, killed run are settled first. The exit codes are in Summary.ps1; 0 is also a night
    in which nothing had to move. -WhatIf shows the plan and ends with 0. With cron:

    30 1 * * *  root  pwsh -NoProfile -File /opt/livemigration/runbooks/Invoke-NightlyBalance.ps1 kvm1,kvm2,kvm3 -Summary /var/log/balance.json
.PARAMETER HostName
    The hosts of the group, separated by commas: host names for ssh, libvirt aliases, or libvirt URIs.
.PARAMETER Goal
    Balance, or Pack to save power.
.PARAMETER Threshold
    The imbalance above which VMs move, as Get-FleetBalance shows it. Only for Balance.
.PARAMETER Keep
    How many of the hosts that stay in use may fail, and the others still have room for their VMs. Only for Pack.
.PARAMETER Duration
    For how long the loads are measured.
.PARAMETER Window
    How long the moves may take. VMs that would not complete in time stay where they are.
.PARAMETER MaxMoves
    How many VMs may move in one night.
.PARAMETER Bandwidth
    Maximum bandwidth on each host's link.
.PARAMETER Fleet
    A fleet description: shared links, limits, VMs that belong together, apart, or stay (about_LiveMigration_Fleets).
.PARAMETER MaxFailures
    After this many failed VMs, no further migration is started.
.PARAMETER Summary
    The file for the JSON summary.
.EXAMPLE
    ./Invoke-NightlyBalance.ps1 kvm1,kvm2,kvm3 -Duration 00:05:00 -Window 01:00:00 -Summary /var/log/balance.json
.EXAMPLE
    ./Invoke-NightlyBalance.ps1 kvm1,kvm2,kvm3,kvm4 -Goal Pack -Summary /var/log/pack.json
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $HostName,
    [ValidateSet('Balance', 'Pack')] [string] $Goal = 'Balance',
    [double] $Threshold = 0.1,
    [int] $Keep = 1,
    [timespan] $Duration = '00:01:00',
    [timespan] $Window = '02:00:00',
    [int] $MaxMoves = 50,
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
    $hosts = @($HostName -split ',' | ForEach-Object { Connect-LibvirtHost $_.Trim() -WhatIf:$false })

    # Migrations that a killed run left unfinished are settled first.
    $left = @(Get-HostEvacuation -State Interrupted | Where-Object { $_.Plan.Goal -eq $Goal -and ($_.Sources | Where-Object { $_ -in $hosts.Name }) })
    if ($left) { $left | Resume-HostEvacuation -ErrorAction Continue | Out-Null }

    $how = @{ Goal = $Goal; Duration = $Duration; MaxMoves = $MaxMoves; Bandwidth = $Bandwidth; MaxFailures = $MaxFailures; Canary = 1; Deadline = (Get-Date) + $Duration + $Window; OnDeadline = 'Leave' }
    if ($Fleet) { $how.Fleet = $Fleet }
    if ($Goal -eq 'Pack') { $how.Keep = $Keep } else { $how.Threshold = $Threshold }
    $plan = New-BalancePlan $hosts.Name @how -WhatIf:$false
    # A VM that stays is reported in the summary; it must not end the script.
    $run = $plan.Moves ? @($plan | Start-HostEvacuation -ErrorAction Continue)[-1] : $null
    if ($WhatIfPreference) {
        if (-not $plan.Moves) { 'Nothing to move.' }
        $code = 0
    }
    else {
        Write-Summary ([ordered]@{
            goal = "$($plan.Goal)"; imbalanceBefore = $plan.ImbalanceBefore; imbalancePlanned = $plan.ImbalanceAfter
            # What is empty now, and not only was to be.
            emptied = @($plan.Emptied | Where-Object { -not (Get-LibvirtHost $_).RunningDomains }); run = $run ? (ConvertTo-Summary $run) : $null
            why = @($plan.Moves | ForEach-Object { [ordered]@{ name = $_.Domain.Name; to = $_.Destination; reason = $_.Reason } })
        }) $Summary
        $code = $run ? (Get-SummaryCode $run) : 0
    }
    $stopped = $false
}
catch {
    $stopped = $false
    [Console]::Error.WriteLine("The nightly $Goal of $HostName failed: $_")
}
finally {
    # A process that runs nothing else ends with the code also when it is stopped; PowerShell would end with 0. A shell that somebody types in stays.
    if ($stopped -and $PSCommandPath -in ([Environment]::GetCommandLineArgs() -ne '' | ForEach-Object { [IO.Path]::GetFullPath($_) })) { [Environment]::Exit($code) }
}
exit $code
