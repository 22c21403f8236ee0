<#
.SYNOPSIS
    Sends events of migrations to a webhook.
.DESCRIPTION
    Takes events from -OnEvent, or lines of a file of -EventLog, and posts each as JSON. An attempt that fails is repeated after 1, 2 and 4 seconds; then the event is a warning.

    The secret is never an argument, which other users could see: it is in the environment variable LIVEMIGRATION_WEBHOOK_TOKEN, or in a vault of
    Microsoft.PowerShell.SecretManagement under the name of -SecretName. It is sent as a bearer token, and over https only.
.PARAMETER InputObject
    An event, or a line of JSON.
.PARAMETER Uri
    The address of the webhook.
.PARAMETER SecretName
    The name of the secret in the vault; without it the environment variable is used, and without that no token is sent.
.PARAMETER Event
    Only these events.
.PARAMETER AllowUnencrypted
    Sends the token over http, too: for a test on this machine.
.EXAMPLE
    Start-HostEvacuation kvm1 -OnEvent { $_ | ./Send-Webhook.ps1 https://alerts.example.org/hook -Event Failed, NotMoved, EvacuationEnded }
.EXAMPLE
    Get-Content /var/log/livemigration.ndjson -Wait -Tail 0 | ./Send-Webhook.ps1 https://alerts.example.org/hook -SecretName hook -Event Failed
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipeline)] $InputObject,
    [Parameter(Mandatory, Position = 0)] [uri] $Uri,
    [string] $SecretName,
    [ValidateSet('Started', 'Watched', 'Progress', 'Switching', 'PostCopy', 'Notice', 'Completed', 'Failed', 'Cancelled', 'Detached', 'EvacuationStarted', 'NotMoved', 'EvacuationEnded')]
    [string[]] $Event,
    [switch] $AllowUnencrypted
)
begin {
    $token = if ($SecretName) { Get-Secret $SecretName }
    elseif ($env:LIVEMIGRATION_WEBHOOK_TOKEN) { ConvertTo-SecureString $env:LIVEMIGRATION_WEBHOOK_TOKEN -AsPlainText -Force }
    $how = @{ Uri = $Uri; Method = 'Post'; ContentType = 'application/json; charset=utf-8'; TimeoutSec = 10 }
    if ($token) { $how += @{ Authentication = 'Bearer'; Token = $token; AllowUnencryptedAuthentication = $AllowUnencrypted } }
}
process {
    if ($InputObject -is [string]) {
        $body = $InputObject
        $what = ($InputObject | ConvertFrom-Json).event -replace '_'
    }
    else {
        $what = "$($InputObject.Event)"
        $body = [ordered]@{
            time = $InputObject.Time.UtcDateTime.ToString('o'); event = $what; vm = $InputObject.Name; source = $InputObject.Source; destination = $InputObject.Destination
            evacuation = $InputObject.Evacuation; percent = $InputObject.Progress.Percent; text = $InputObject.Text
            downtime_seconds = $InputObject.Result.Downtime.TotalSeconds; total_seconds = $InputObject.Result.TotalTime.TotalSeconds
        } | ConvertTo-Json -Compress
    }
    if ($Event -and $what -notin $Event) { return }
    foreach ($pause in 1, 2, 4, 0) {
        try {
            $null = Invoke-RestMethod @how -Body $body
            break
        }
        catch {
            if ($pause) { Start-Sleep $pause } else { Write-Warning "The event was not sent to $($Uri.Host): $_" }
        }
    }
}
