<#
.SYNOPSIS
    The result of an evacuation in machine-readable form: JSON and an exit code. Dot-source this file.
.DESCRIPTION
    0  every VM moved
    1  some VMs stayed on their host and are running there
    2  attention needed: the location of a VM is unknown, or migrations were left unfinished
    3  nothing was started, or the runbook was stopped or failed; Get-HostEvacuation shows how far it got
#>

function ConvertTo-Summary([LiveMigration.Evacuation.HostEvacuation] $Evacuation) {
    [ordered]@{
        id         = $Evacuation.Id
        state      = "$($Evacuation.State)"
        sources    = $Evacuation.Sources
        isReturn   = $Evacuation.IsReturn
        begun      = $Evacuation.StartTime.ToString('o')
        ms         = $Evacuation.Time.TotalMilliseconds
        plannedMs  = $Evacuation.PlannedTime.TotalMilliseconds
        moved      = $Evacuation.Moved
        stayed     = $Evacuation.Stayed
        left       = $Evacuation.Left
        unclear    = $Evacuation.Unclear
        downtimeMs = $Evacuation.Downtime.TotalMilliseconds
        bytes      = $Evacuation.Transferred
        stopped    = $Evacuation.StoppedBecause
        vms        = @($Evacuation.Domains | ForEach-Object {
                [ordered]@{
                    name = $_.Name; uuid = "$($_.Uuid)"; from = $_.Source; to = $_.Destination; state = "$($_.State)"; attempts = $_.Attempts
                    ms = $_.Time.TotalMilliseconds; downtimeMs = $_.Downtime.TotalMilliseconds; bytes = $_.Transferred; fault = $_.Fault.Id; error = $_.Error
                }
            })
    }
}

function Get-SummaryCode([LiveMigration.Evacuation.HostEvacuation] $Evacuation) {
    if ($Evacuation.Unclear -or $Evacuation.Left) { 2 } elseif ($Evacuation.IsComplete) { 0 } else { 1 }
}

# Written in one step: a reader of the file never sees half of it.
function Write-Summary($Summary, [string] $Path) {
    Set-Content "$Path.new" ($Summary | ConvertTo-Json -Depth 5)
    Move-Item "$Path.new" $Path -Force
}
