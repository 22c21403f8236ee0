<#
.SYNOPSIS
    Saves the states of VMs of QEMU processes without libvirt, compressed and encrypted, and reports the result as JSON and an exit code.
.DESCRIPTION
    Each VM is stopped while its state is written, and goes on; no VM is left stopped, whatever fails. States older than -Keep are removed when a
    newer one of that VM was proven to be whole. A state belongs to the VM's disks as they were at that moment: see Save-VMState.
    With cron:

    30 1 * * *  root  pwsh -NoProfile -File /opt/livemigration/runbooks/Save-NightlyState.ps1 /run/web1.qmp,/run/db1.qmp /backup -KeyFile /etc/livemigration/backup.key -Summary /var/log/states.json

    0  the state of every VM was saved, and read back whole
    1  some were not saved; those VMs run on, or their monitors did not answer
    2  attention needed: a VM does not run any more
    3  nothing was begun, or the runbook was stopped or failed
.PARAMETER Address
    The monitors of the QEMU processes, separated by commas: paths of sockets, or ssh://HOST/PATH.
.PARAMETER Folder
    The folder for the states, on the host of each QEMU.
.PARAMETER KeyFile
    An identity of age, or the passphrase of gpg, on the host of each QEMU.
.PARAMETER Encrypt
    Age or Gpg.
.PARAMETER Keep
    How long states are kept, on this machine.
.PARAMETER Summary
    The file for the JSON summary.
.EXAMPLE
    ./Save-NightlyState.ps1 /run/web1.qmp /backup -KeyFile /etc/livemigration/backup.key -Summary /var/log/states.json
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $Address,
    [Parameter(Mandatory)] [string] $Folder,
    [Parameter(Mandatory)] [string] $KeyFile,
    [ValidateSet('Age', 'Gpg')] [string] $Encrypt = 'Age',
    [timespan] $Keep = '14.00:00:00',
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
    $begun = Get-Date
    $connected = 0
    $vms = foreach ($monitor in $Address -split ',') {
        # A VM that is not reached or not saved is reported in the summary; it must not keep the next ones from being saved.
        try { $vm = Connect-QemuProcess $monitor.Trim() }
        catch {
            [Console]::Error.WriteLine("$($monitor.Trim()): $_")
            [ordered]@{ name = $monitor.Trim(); verified = $false; runsOn = $null; error = "$_" }
            continue
        }
        $connected++
        $ran = $vm.State -eq 'running'
        # QEMU's name of a VM may have a slash in it, and must not lead out of the folder.
        $name = $vm.Name -replace '/', '_'
        $path = "$($Folder.TrimEnd('/'))/$name-$($begun.ToString('yyyyMMdd-HHmmss')).state"
        $saved = $vm | Save-VMState -Path $path -Compress Zstd -Encrypt $Encrypt -KeyFile $KeyFile -ErrorAction SilentlyContinue -ErrorVariable failed
        $state = ($vm | Get-QemuProcess -ErrorAction SilentlyContinue).State
        if ($saved.Verified -and $vm.HostName -eq 'localhost') {
            Get-ChildItem $Folder -File | Where-Object { $_.Name -match "^$([regex]::Escape($name))-\d{8}-\d{6}\.state(\.json)?$" -and $_.LastWriteTime -lt $begun - $Keep } | Remove-Item
        }
        [ordered]@{
            name = $vm.Name; host = $vm.HostName; path = $saved.Path; verified = [bool] $saved.Verified; bytes = $saved.Length; sha256 = $saved.Sha256
            downtimeMs = $saved.Downtime.TotalMilliseconds; ms = $saved.Elapsed.TotalMilliseconds; state = $state; runsOn = -not $ran -or $state -eq 'running'; error = "$($failed | Select-Object -First 1)"
        }
    }
    if (-not $connected) { throw "none of the monitors answered: $Address" }
    if ($WhatIfPreference) { $code = 0 }
    else {
        Write-Summary @{ begun = $begun.ToString('o'); vms = @($vms) } $Summary
        $code = if ($vms.runsOn -contains $false) { 2 } elseif ($vms.verified -contains $false) { 1 } else { 0 }
    }
    $stopped = $false
}
catch {
    $stopped = $false
    [Console]::Error.WriteLine("Saving states to $Folder failed: $_")
}
finally {
    # A process that runs nothing else ends with the code also when it is stopped; PowerShell would end with 0. A shell that somebody types in stays.
    if ($stopped -and $PSCommandPath -in ([Environment]::GetCommandLineArgs() -ne '' | ForEach-Object { [IO.Path]::GetFullPath($_) })) { [Environment]::Exit($code) }
}
exit $code
