<#
.SYNOPSIS
    Writes events of migrations to the journal of systemd.
.DESCRIPTION
    Takes events from -OnEvent and writes each with fields of its own, so that journalctl can filter by them:

    journalctl -t livemigration LIVEMIGRATION_VM=web1
    journalctl -t livemigration -p err --since today -o json

    Needs logger of util-linux. Progress has the priority debug, failures have err.
.PARAMETER InputObject
    An event.
.EXAMPLE
    Start-VMLiveMigration web1 kvm2 -OnEvent { $_ | ./Write-Journal.ps1 }
#>
[CmdletBinding()]
param([Parameter(Mandatory, ValueFromPipeline)] $InputObject)
process {
    $priority = switch -Regex ("$($InputObject.Event)") {
        '^(Failed|NotMoved)$' { 3 }
        '^(Notice|Cancelled|Detached)$' { 4 }
        '^Progress$' { 7 }
        default { 6 }
    }
    $fields = [ordered]@{
        MESSAGE                   = "$InputObject"
        PRIORITY                  = $priority
        SYSLOG_IDENTIFIER         = 'livemigration'
        LIVEMIGRATION_EVENT       = $InputObject.Event
        LIVEMIGRATION_VM          = $InputObject.Name
        LIVEMIGRATION_UUID        = $InputObject.Uuid
        LIVEMIGRATION_SOURCE      = $InputObject.Source
        LIVEMIGRATION_DESTINATION = $InputObject.Destination
        LIVEMIGRATION_EVACUATION  = $InputObject.Evacuation
        LIVEMIGRATION_PERCENT     = $InputObject.Progress.Percent
        LIVEMIGRATION_DOWNTIME_MS = $InputObject.Result.Downtime.TotalMilliseconds
    }
    # A line is a field: a message with several lines must not become fields of its own.
    $lines = $fields.GetEnumerator() | Where-Object { "$($_.Value)" } | ForEach-Object { "$($_.Key)=$("$($_.Value)" -replace '[\r\n]+', ' ')" }
    $lines | logger --journald
    if ($LASTEXITCODE) { Write-Warning "logger ended with $LASTEXITCODE." }
}
