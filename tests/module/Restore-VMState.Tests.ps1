BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Restore-VMState' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'restores what Save-VMState wrote, from the pipeline' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $new = $vm | Start-QemuDestination
        Set-Content $TestDrive/pass 'correct horse'
        $restored = $vm | Save-VMState -Path "$TestDrive/[a] state" -Compress Gzip -Encrypt Gpg -KeyFile $TestDrive/pass -Stop | Restore-VMState -Into $new -KeyFile $TestDrive/pass -WarningVariable told
        $restored.State, "$($restored.Address)" | Should -Be running, "$($new.Address)"
        $told | Should -BeNullOrEmpty
    }

    It 'restores a file that Get-Item found, paused where that is asked for, and only reads with -WhatIf' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $new = $vm | Start-QemuDestination
        $null = $vm | Save-VMState -Path "$TestDrive/[b]" -Stop
        Get-Item -LiteralPath "$TestDrive/[b]" | Restore-VMState -Into $new -WhatIf
        ($new | Get-QemuProcess).State | Should -Be inmigrate
        (Get-Item -LiteralPath "$TestDrive/[b]" | Restore-VMState -Into $new -Paused).State | Should -Be paused
    }

    It 'refuses what is damaged, and the QEMU still waits for what is whole' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $new = $vm | Start-QemuDestination
        $null = $vm | Save-VMState -Path $TestDrive/whole -Stop
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/whole")
        [IO.File]::WriteAllBytes("$TestDrive/cut", $bytes[0..($bytes.Length - 3)])
        { Restore-VMState $TestDrive/cut -Into $new -ErrorAction Stop } | Should -Throw '*damaged at*' -ErrorId 'StateDamaged*'
        { Restore-VMState $TestDrive/nosuch -Into $new -ErrorAction Stop } | Should -Throw '*nosuch*' -ErrorId 'StreamNotReadable*'
        { Restore-VMState $TestDrive/whole -Into $vm -ErrorAction Stop } | Should -Throw
        Copy-Item $TestDrive/whole $TestDrive/alone
        $restored = Restore-VMState $TestDrive/whole -Into $new
        $restored.State | Should -Be running
        { Restore-VMState $TestDrive/whole -Into $new -ErrorAction Stop } | Should -Throw '*is running*' -ErrorId 'QemuStateWrong*'
    }

    It 'restores without the file beside it, and says what it does not know' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $new = $vm | Start-QemuDestination
        $null = $vm | Save-VMState -Path $TestDrive/alone2 -Stop
        Remove-Item $TestDrive/alone2.json
        $restored = Restore-VMState $TestDrive/alone2 -Into $new -WarningVariable told -WarningAction SilentlyContinue
        "$told" | Should -BeLike '*no *alone2.json*'
        $restored.State | Should -Be paused
    }

    It 'refuses a QEMU of another machine before it has a byte' {
        $vm = Start-BareQemu | Connect-QemuProcess
        $null = $vm | Save-VMState -Path $TestDrive/other -Stop
        $other = Start-BareQemu -Name other -Incoming -Options '-m', '128' | Connect-QemuProcess
        { Restore-VMState $TestDrive/other -Into $other -ErrorAction Stop } | Should -Throw '*-m*' -ErrorId 'StateDoesNotFit*'
        ($other | Get-QemuProcess).State | Should -Be inmigrate
    }
}
