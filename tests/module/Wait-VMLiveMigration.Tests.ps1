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
        $seen = [Collections.Generic.List[object]]::new()
        $result = Wait-Until { Get-VMLiveMigration web1 } | Wait-VMLiveMigration -OnEvent { $seen.Add("$($_.Event)") }
        $seen[0], $seen[-1] | Should -Be Watched, Completed
        $result.Outcome, $result.Verdict | Should -Be Completed, Moved
        Wait-Exit $virsh
        Get-Home | Should -Be b
    }

    It 'M2: finds and awaits what a PowerShell began that was killed' {
        $script = "Import-Module LiveMigration
            `$null = Connect-LibvirtHost $(Get-LabUri a) -Name a
            Start-VMLiveMigration web1 -HostName a -Destination $(Get-LabUri b) -Mode PeerToPeer -Bandwidth 5MiB/s"
        $other = Start-Process pwsh '-NoProfile', '-NonInteractive', '-Command', $script -PassThru -RedirectStandardOutput "$TestDrive/pwsh.out"
        $run = Wait-Until { Get-VMLiveMigration web1 | Where-Object Phase -EQ Copying } -Seconds 60
        $other.Kill()
        Wait-Exit $other
        $run.IsForeign | Should -BeTrue
        Set-MigrationBandwidth web1 max -HostName a
        $result = Wait-VMLiveMigration web1
        $result.Outcome, $result.Verdict | Should -Be Completed, Moved
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
