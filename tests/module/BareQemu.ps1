# A QEMU without libvirt for Pester files: machine q35, 64 MiB, its firmware and nothing else. Dot-source this in BeforeAll, and call
# Stop-BareQemu in AfterEach.
$bareFolder = "/tmp/lm-bare-$PID"

function Start-BareQemu([string] $Name = 'web1', [switch] $Incoming, [string[]] $Options) {
    $null = New-Item $bareFolder -ItemType Directory -Force
    $monitor = "$bareFolder/$Name.qmp"
    $arguments = "-name web1 -machine q35 -accel tcg -m 64 -nodefaults -display none -qmp unix:$monitor,server=on,wait=off $Options"
    if ($Incoming) { $arguments += ' -S -incoming defer' }
    $null = Start-Process qemu-system-x86_64 -ArgumentList $arguments -PassThru
    for ($n = 0; -not (Test-Path $monitor); $n++) {
        if ($n -gt 300) { throw "QEMU made no monitor $monitor" }
        Start-Sleep -Milliseconds 100
    }
    "unix:$monitor"
}

# Another PowerShell migrates one to another, slowly; what it has written down is returned.
function Start-OtherMigration {
    $from, $to = (Start-BareQemu), (Start-BareQemu new -Incoming)
    $command = "Import-Module LiveMigration; `$b = Connect-QemuProcess $to; Connect-QemuProcess $from | Start-VMLiveMigration -Destination `$b -Bandwidth 100KiB/s"
    $null = Start-Process pwsh -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "`"$command`"" -RedirectStandardOutput $bareFolder/out -RedirectStandardError $bareFolder/err
    Wait-Until { Get-VMLiveMigration web1 | Where-Object Step -EQ migrate } -Seconds 60
}

# Ends all of them, and what Start-QemuDestination made of them.
function Stop-BareQemu {
    Get-VMLiveMigration web1 -ErrorAction Ignore | Stop-VMLiveMigration -ErrorAction Ignore
    $left = @(Get-VMLiveMigration -ErrorAction Ignore | Where-Object Controller)
    $left | Where-Object IsInterrupted -EQ $false | ForEach-Object { & kill -9 $_.ProcessId }
    if ($left) { $null = Wait-Until { -not (Get-VMLiveMigration | Where-Object { $_.Controller -and -not $_.IsInterrupted }) } }
    $left | Resume-VMLiveMigration -Forget -Confirm:$false -ErrorAction Ignore
    Get-QemuProcess -ErrorAction Ignore -WarningAction Ignore | Disconnect-QemuProcess -ErrorAction Ignore
    & pkill -9 -f "qmp unix:$bareFolder/"
    Remove-Item $bareFolder -Recurse -Force -ErrorAction Ignore
}
