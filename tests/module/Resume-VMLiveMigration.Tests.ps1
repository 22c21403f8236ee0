BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Resume-VMLiveMigration' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T4: joins the halves of a post-copy that was broken, and the VM has lost nothing' {
        $before = (Invoke-Lab ticks web1 | ConvertFrom-Json).last
        $job = Start-SlowMigration @{ PostCopy = $true; PostCopyBandwidth = '5MiB/s'; Tls = 'Off' } # QEMU 7.2 may not notice that an encrypted one was broken.
        $null = Switch-VMLiveMigration web1
        $null = Wait-Until { Get-LibvirtDomain web1 -HostName b -State Running }
        Start-Sleep -Seconds 2 # QEMU 7.2 at the destination does not notice a break in the first moments.
        Stop-VMLiveMigration web1 -PausePostCopy -WarningVariable said -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$said" | Should -BeLike '*web1*half on a and one on b*Resume-VMLiveMigration*'
        ($job | Wait-Job -Timeout 10).State | Should -Be Failed
        { $job | Receive-Job -ErrorAction Stop } | Should -Throw -ErrorId 'PostCopyBroken*'

        Resume-VMLiveMigration web1 -Destination b -WhatIf
        (Get-LibvirtDomain web1 -HostName a).Reason | Should -Be 'post-copy failed'

        $result = Resume-VMLiveMigration web1 -Destination b
        $result.Outcome, $result.PostCopy | Should -Be Completed, $true
        Get-Home | Should -Be b
        $ticks = Invoke-Lab ticks web1 --since $before | ConvertFrom-Json
        $ticks.lost, $ticks.duplicated | Should -Be 0, 0
    }

    It 'refuses a VM that is in one piece' {
        { Resume-VMLiveMigration web1 -Destination b -ErrorAction Stop } | Should -Throw -ErrorId 'DomainNotFound*'
    }

    It 'refuses a VM that moves, which goes on' {
        $null = Start-SlowMigration @{ PostCopy = $true }
        { Resume-VMLiveMigration web1 -Destination b -ErrorAction Stop } | Should -Throw -ErrorId 'NotBrokenInPostCopy*'
        { Stop-VMLiveMigration web1 -PausePostCopy -ErrorAction Stop } | Should -Throw -ErrorId 'CannotPausePostCopy*'
        Get-VMLiveMigration | Should -Not -BeNullOrEmpty
    }
}

Describe 'Resume-VMLiveMigration between QEMUs' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1
        Reset-Lab # The migrations of before are none of these.
        $from, $to = "unix:$bareFolder/web1.qmp", "unix:$bareFolder/new.qmp"
    }
    AfterEach { Stop-BareQemu }

    It 'follows what a PowerShell that was killed has begun, and hands it over' {
        $record = Start-OtherMigration
        $record.Source, $record.Destination, $record.IsInterrupted | Should -Be $from, $to, $false
        { $record | Resume-VMLiveMigration -ErrorAction Stop } | Should -Throw "*is being migrated by process $($record.ProcessId)*" -ErrorId 'MigrationInProgress*'
        & kill -9 $record.ProcessId
        $null = Wait-Until { (Get-VMLiveMigration web1).IsInterrupted }
        Resume-VMLiveMigration -Id web1 -WhatIf
        (Get-VMLiveMigration web1).IsInterrupted | Should -BeTrue

        $result = Resume-VMLiveMigration -Id web1 -ErrorAction Stop
        "$($result.Outcome)", "$($result.Verdict)" | Should -Be Completed, Moved
        (Get-QemuProcess).State | Should -Be running
        (Get-QemuProcess).Address.Text | Should -Be $to
        Get-VMLiveMigration | Should -BeNullOrEmpty
    }

    It 'keeps the VM where it is when the destination is gone, too' {
        $record = Start-OtherMigration
        & kill -9 $record.ProcessId
        & pkill -9 -f "qmp $to,"
        $vm = Wait-Until { Connect-QemuProcess $from -ErrorAction Ignore }
        { $vm | Start-VMLiveMigration -Destination $vm -ErrorAction Stop } | Should -Throw -ErrorId 'SameHost*'
        $result = $vm | Resume-VMLiveMigration -ErrorAction Stop -WarningAction SilentlyContinue
        "$($result.Verdict)" | Should -Be Stayed
        ($vm | Get-QemuProcess).State | Should -Be running
        Get-VMLiveMigration | Should -BeNullOrEmpty
        { $vm | Resume-VMLiveMigration -ErrorAction Stop } | Should -Throw -ErrorId 'NoMigration*'
    }

    It 'removes the image that was made for the destination, and ends it' {
        $null = New-Item $bareFolder -ItemType Directory -Force
        & qemu-img create -q -f raw $bareFolder/old.raw 64M
        & qemu-io -f raw -c 'write -P 7 0 64M' $bareFolder/old.raw | Out-Null
        $from = Start-BareQemu -Options '-blockdev', "driver=raw,node-name=d0,file.driver=file,file.filename=$bareFolder/old.raw", '-device', 'virtio-blk-pci,drive=d0,id=disk0'
        $command = "Import-Module LiveMigration; `$a = Connect-QemuProcess $from; `$b = `$a | Start-QemuDestination -DiskMap @{ disk0 = '$bareFolder/new.raw' }; `$a | Start-VMLiveMigration -Destination `$b -CopyStorage Full -Bandwidth 1MiB/s"
        $null = Start-Process pwsh -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "`"$command`"" -RedirectStandardOutput $bareFolder/out -RedirectStandardError $bareFolder/err
        $record = Wait-Until { Get-VMLiveMigration web1 | Where-Object Step -EQ copy } -Seconds 60
        Start-Sleep -Seconds 1
        & kill -9 $record.ProcessId
        $null = Wait-Until { (Get-VMLiveMigration web1).IsInterrupted }
        Test-Path $bareFolder/new.raw | Should -BeTrue
        $result = Get-VMLiveMigration web1 | Resume-VMLiveMigration -ErrorAction Stop -WarningAction SilentlyContinue
        "$($result.Verdict)" | Should -Be Stayed
        Test-Path $bareFolder/new.raw | Should -BeFalse
        (Get-QemuProcess).State | Should -Be running
        Invoke-QmpCommand query-jobs -Name web1 | Should -BeNullOrEmpty
        (Invoke-QmpCommand query-named-block-nodes -Name web1 | ConvertTo-Json -Depth 9) | Should -Not -BeLike '*livemigration*'
    }

    It 'forgets what was ended by hand' {
        $record = Start-OtherMigration
        & kill -9 $record.ProcessId
        $null = Wait-Until { (Get-VMLiveMigration web1).IsInterrupted }
        $vm = Connect-QemuProcess $from
        { $vm | Start-VMLiveMigration -Destination (Connect-QemuProcess $to) -ErrorAction Stop } | Should -Throw "*Resume-VMLiveMigration -Id $($record.Id)*" -ErrorId 'MigrationInterrupted*'
        $record | Resume-VMLiveMigration -Forget
        Get-VMLiveMigration | Should -BeNullOrEmpty
    }

    It 'refuses what is libvirt''s, and what is not there' {
        { Resume-VMLiveMigration -Id nosuch -ErrorAction Stop } | Should -Throw '*nosuch*' -ErrorId 'NoMigration*'
        { Resume-VMLiveMigration -Id nosuch -Mode Direct -ErrorAction Stop } | Should -Throw '*-Mode*libvirt*' -ErrorId 'ContradictingOptions*'
        Resume-VMLiveMigration -Id 'nosuch*' -ErrorAction Stop
    }
}
