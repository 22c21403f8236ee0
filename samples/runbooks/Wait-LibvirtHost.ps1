<#
.SYNOPSIS
    Waits until a host that went down is back, and connects it under its old name. Dot-source this file.
#>
function Wait-LibvirtHost($Lost, [datetime] $Until) {
    Disconnect-LibvirtHost $Lost.Name
    while ($true) {
        try { return Connect-LibvirtHost "$($Lost.Uri)" -Name $Lost.Name }
        catch {
            if ((Get-Date) -gt $Until) { throw "$($Lost.Name) has not come back: $_" }
            Start-Sleep -Seconds 2
        }
    }
}
