<#
.SYNOPSIS
    Moves a VM to a new QEMU process on the same machine, without libvirt: after an upgrade of QEMU, with the guest running.
.DESCRIPTION
    A QEMU like the one that runs the VM is started, by default from the program that its command line names, which may be newer by now. Whether
    both were started alike, and what else may be in the way, is tested first; then the VM moves, and the old QEMU ends. The disks stay where they
    are. Where anything fails the VM stays in the old QEMU, and the new one is ended.

    0  the VM runs in the new QEMU
    1  it stayed in the old one
    2  attention needed: which of the two runs it is not known
    3  nothing was begun. -WhatIf ends with 0
.PARAMETER Address
    The monitor of the QEMU that runs the VM: the path of its socket.
.PARAMETER Monitor
    The socket of the new QEMU's monitor: where the VM is found from now on. Must not exist.
.PARAMETER Program
    The QEMU to start. By default the one that the old command line names.
.PARAMETER Summary
    The file for the JSON summary.
.EXAMPLE
    ./Move-ToNewQemu.ps1 /run/web1.qmp /run/web1-2.qmp -Summary /var/log/web1.json
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $Address,
    [Parameter(Mandatory)] [string] $Monitor,
    [string] $Program,
    [Parameter(Mandatory)] [string] $Summary
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$code = 3
$new = $null
try {
    # A summary of an earlier move could be mistaken for this one's.
    Remove-Item $Summary -ErrorAction Ignore
    Import-Module LiveMigration
    . $PSScriptRoot/Summary.ps1
    $old = Connect-QemuProcess $Address
    $before = $old.State
    $like = @{ Monitor = $Monitor }
    if ($Program) { $like.Program = $Program }
    if ($PSCmdlet.ShouldProcess("$($old.Name) ($Address)", "Move to a new QEMU at $Monitor")) {
        $new = $old | Start-QemuDestination @like
        $differences = @(Compare-QemuProcess $old $new | Where-Object Verdict -In Fatal, Dangerous)
        if ($differences) { throw "the new QEMU is not like the old one: $($differences -join ' ')" }
        $result = $old | Start-VMLiveMigration -Destination $new -ErrorAction SilentlyContinue -ErrorVariable failed
        # What is not known is not taken for well: the VM has stayed where the old QEMU says so, and the new one does not run it.
        $unclear = $failed | Where-Object FullyQualifiedErrorId -Match '^(RunsTwice|OutcomeUnknown|PostCopyBroken|DomainLost)\b'
        $here = ($old | Get-QemuProcess -ErrorAction SilentlyContinue).State -eq $before
        $there = -not $new.HasEnded -and ($new | Get-QemuProcess -ErrorAction SilentlyContinue).State -notin 'inmigrate', 'paused'
        $code = if ($result.Verdict -eq 'Moved') { 0 } elseif ($unclear -or -not $here -or ($there -and -not $new.HasEnded)) { 2 } else { 1 }
        $report = ([ordered]@{
                name = $old.Name; from = $Address; to = $Monitor; moved = $code -eq 0; qemu = "$($new.QemuVersion)"; machine = $new.Machine
                ms = $result.TotalTime.TotalMilliseconds; downtimeMs = $result.Downtime.TotalMilliseconds; bytes = $result.Transferred; error = "$($failed | Select-Object -First 1)"
            })
        try { Write-Summary $report $Summary }
        catch { [Console]::Error.WriteLine("The exit code is ${code}, but the summary could not be written to ${Summary}: $_") }
    }
    # Who has answered No has not moved it.
    elseif ($WhatIfPreference) { $code = 0 }
}
catch {
    [Console]::Error.WriteLine("Moving the VM of $Address to $Monitor failed: $_")
}
finally {
    # A QEMU that still waits is of no use to anybody.
    if ($new -and $code -in 1, 3 -and ($new | Get-QemuProcess -ErrorAction Ignore).State -eq 'inmigrate') {
        Invoke-QmpCommand quit -Name $new -Confirm:$false -ErrorAction Ignore
    }
}
exit $code
