BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Wait-VMLiveMigration' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'M2: waits for the end, and gives the result' {
        $null = Start-VMLiveMigration web1 b -Bandwidth 40MiB/s -AsJob
        (Wait-VMLiveMigration web1).Outcome | Should -Be Completed
        Get-Home | Should -Be b
    }

    It 'M2: waits for a migration that another tool started' {
        $virsh = Start-VirshMigration 30
        $result = Wait-Until { Get-VMLiveMigration web1 } | Wait-VMLiveMigration
        $result.Outcome, $result.Verdict | Should -Be Completed, Moved
        $virsh.WaitForExit()
        Get-Home | Should -Be b
    }

    It 'gives up waiting after -Timeout, and lets the migration go on' {
        $null = Start-SlowMigration
        { Get-VMLiveMigration | Wait-VMLiveMigration -Timeout 300ms -ErrorAction Stop } | Should -Throw -ErrorId 'StillMigrating*'
        Get-VMLiveMigration | Should -Not -BeNullOrEmpty
    }

    It 'does not abort when it is stopped' {
        $null = Start-SlowMigration
        $other = Start-Shell 'Wait-VMLiveMigration web1'
        $null = Wait-Until { $other.Shell.Streams.Progress }
        $other.Shell.Stop()
        Get-VMLiveMigration | Should -Not -BeNullOrEmpty
    }

    It 'says so when there is nothing to wait for' {
        { Wait-VMLiveMigration web1 -ErrorAction Stop } | Should -Throw -ErrorId 'NoMigration*'
        Wait-VMLiveMigration 'w*' -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
