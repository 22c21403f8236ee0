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
