<#
.SYNOPSIS
    Evacuates a host, runs a patch hook, waits until the host is back, and moves its VMs back.
.DESCRIPTION
    The host is not patched while a VM is left on it. The summary covers both evacuations; the exit codes are in Summary.ps1. If the script is
    interrupted after the VMs have left, Restore-VMPlacement moves them back once the host is ready. -WhatIf shows the evacuation plan and ends
    with 0.
.PARAMETER HostName
    The host to patch: a host name for ssh, a libvirt alias, or a libvirt URI.
.PARAMETER Destination
    The hosts that run its VMs in the meantime, separated by commas.
.PARAMETER Hook
    The program that patches and restarts the host. It receives the host's name as its argument, and ends with 0 if the host was patched
    and has gone down, or is back. With any other exit code the VMs stay where they are.
.PARAMETER Patience
    How long to wait for the host's libvirt daemon afterwards.
.PARAMETER Bandwidth
    Maximum bandwidth on each host's link.
.PARAMETER Summary
    The file for the JSON summary.
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

$code = 3
$stopped = $true
try {
    # A summary of an earlier run could be mistaken for this one's.
    Remove-Item $Summary -ErrorAction Ignore
    Import-Module LiveMigration
    . $PSScriptRoot/Summary.ps1
    . $PSScriptRoot/Wait-LibvirtHost.ps1
    # Also with -WhatIf: what would happen is asked of the hosts.
    $source = Connect-LibvirtHost $HostName -WhatIf:$false
    $others = $Destination -split ',' | ForEach-Object { Connect-LibvirtHost $_.Trim() -WhatIf:$false }

    $out = @(Start-HostEvacuation $source.Name -Destination $others.Name -Bandwidth $Bandwidth -ErrorAction Continue)[-1]
    if ($WhatIfPreference) { $code = 0 }
    elseif (-not $out.IsComplete) {
        Write-Summary @{ patched = $false; out = ConvertTo-Summary $out } $Summary
        $code = Get-SummaryCode $out
    }
    else {
        & $Hook $source.Name
        if ($LASTEXITCODE) { throw "$Hook ended with $LASTEXITCODE. The VMs stay where they are: move them back with Restore-VMPlacement $($out.Id)." }
        $null = Wait-LibvirtHost $source ((Get-Date) + $Patience)

        $back = @(Restore-VMPlacement $out.Id -Bandwidth $Bandwidth -ErrorAction Continue)[-1]
        Write-Summary ([ordered]@{ patched = $true; out = ConvertTo-Summary $out; home = ConvertTo-Summary $back }) $Summary
        $code = Get-SummaryCode $back
    }
    $stopped = $false
}
catch {
    $stopped = $false
    [Console]::Error.WriteLine("Patching $HostName failed: $_")
}
finally {
    # A process that runs nothing else ends with the code also when it is stopped; PowerShell would end with 0. A shell that somebody types in stays.
    if ($stopped -and $PSCommandPath -in ([Environment]::GetCommandLineArgs() -ne '' | ForEach-Object { [IO.Path]::GetFullPath($_) })) { [Environment]::Exit($code) }
}
exit $code
