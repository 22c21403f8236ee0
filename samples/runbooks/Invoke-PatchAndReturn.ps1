<#
.SYNOPSIS
    Empties a host, has it patched, waits until it is back, and brings its VMs home.
.DESCRIPTION
    Nothing is patched while a VM is left on the host. The summary has both ways; the exit codes are in Summary.ps1. If this is interrupted
    after the VMs have left, Restore-VMPlacement brings them home whenever the host is ready. -WhatIf draws how they would leave, and ends
    with 0.
.PARAMETER HostName
    The host to patch: a name that ssh knows, an alias of libvirt's, or a libvirt URI.
.PARAMETER Destination
    The hosts that hold its VMs meanwhile, with commas between them.
.PARAMETER Hook
    The program that patches the host and restarts it; it gets the host's name as its argument, and ends with 0 when the host was patched
    and has gone down, or is back. With another code the VMs stay where they went.
.PARAMETER Patience
    How long to wait for the host's libvirt daemon after that.
.PARAMETER Bandwidth
    What it may use of each host's link.
.PARAMETER Summary
    The file for the JSON.
.EXAMPLE
    ./Invoke-PatchAndReturn.ps1 kvm1 kvm2,kvm3 -Hook /usr/local/sbin/patch-host -Summary /var/log/patch-kvm1.json
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $HostName,
    [Parameter(Mandatory)] [string] $Destination,
    [Parameter(Mandatory)] [string] $Hook,
    [timespan] $Patience = '00:15:00',
    [string] $Bandwidth = '1Gbit/s',
    [Parameter(Mandatory)] [string] $Summary
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# The host answers again; before that, each attempt fails.
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

$code = 3
$stopped = $true
try {
    # One of another time would be taken for this one's.
    Remove-Item $Summary -ErrorAction Ignore
    Import-Module LiveMigration
    . $PSScriptRoot/Summary.ps1
    $source = Connect-LibvirtHost $HostName
    $others = $Destination -split ',' | ForEach-Object { Connect-LibvirtHost $_.Trim() }

    $out = @(Start-HostEvacuation $source.Name -Destination $others.Name -Bandwidth $Bandwidth -ErrorAction Continue)[-1]
    if ($WhatIfPreference) { $code = 0 }
    elseif (-not $out.IsComplete) {
        Write-Summary @{ patched = $false; out = ConvertTo-Summary $out } $Summary
        $code = Get-SummaryCode $out
    }
    else {
        & $Hook $source.Name
        if ($LASTEXITCODE) { throw "$Hook ended with $LASTEXITCODE. The VMs are where they went: Restore-VMPlacement $($out.Id) brings them home." }
        $null = Wait-LibvirtHost $source ((Get-Date) + $Patience)

        $back = @(Restore-VMPlacement $out.Id -Bandwidth $Bandwidth -ErrorAction Continue)[-1]
        Write-Summary ([ordered]@{ patched = $true; out = ConvertTo-Summary $out; home = ConvertTo-Summary $back }) $Summary
        $code = Get-SummaryCode $back
    }
    $stopped = $false
}
catch {
    $stopped = $false
    [Console]::Error.WriteLine("The patching of $HostName was not finished: $_")
}
finally {
    # A process that runs nothing else ends with the code also when it is stopped; PowerShell would end with 0. A shell that somebody types in stays.
    if ($stopped -and $PSCommandPath -in ([Environment]::GetCommandLineArgs() -ne '' | ForEach-Object { [IO.Path]::GetFullPath($_) })) { [Environment]::Exit($code) }
}
exit $code
