BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-VMMigrationHistory' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'M8: tells of a migration that moved and of one that was stopped, to another process as well' {
        $since = Get-Date
        $moved = Start-VMLiveMigration db1 b
        $null = Start-SlowMigration
        $null = Stop-VMLiveMigration web1
        $history = Get-VMMigrationHistory -After $since
        $history.Name | Should -Be db1, web1
        $history[0].Source, $history[0].Destination, $history[0].Outcome, $history[0].Downtime.TotalMilliseconds | Should -Be a, b, Completed, ([math]::Truncate($moved.Downtime.TotalMilliseconds))
        $history[1].Outcome, $history[1].ErrorId, $history[1].Destination | Should -Be Cancelled, Stopped, b
        $history.User | Should -BeLike "$([Environment]::UserName)@*"
        $other = pwsh -NoProfile -Command "Import-Module LiveMigration; Get-VMMigrationHistory db1 -Newest 1 | Select-Object Name, Uuid, Transferred | ConvertTo-Json" | ConvertFrom-Json
        $other.Uuid, $other.Transferred | Should -Be "$($moved.Uuid)", $moved.Transferred
    }

    It 'M8: tells of a migration that another tool started and that was watched, once' {
        $since = Get-Date
        $virsh = Start-VirshMigration 2
        $null = Wait-Until { Get-VMLiveMigration web1 } | Stop-VMLiveMigration
        Wait-Exit $virsh
        $record = Get-VMMigrationHistory web1 -After $since
        $record.IsForeign, $record.Outcome, $record.Source | Should -Be $true, Cancelled, a
    }

    It 'filters by VM, host, outcome and time, and takes VMs from the pipeline' {
        $since = Get-Date
        $null = 'db1', 'web1' | Start-VMLiveMigration -Destination b
        (Get-LibvirtDomain web1 -HostName b | Get-VMMigrationHistory -After $since).Name | Should -Be web1
        (Get-VMMigrationHistory *1 -HostName b -After $since).Count | Should -Be 2
        Get-VMMigrationHistory -HostName c* -After $since | Should -BeNullOrEmpty
        Get-VMMigrationHistory -Outcome Failed -After $since | Should -BeNullOrEmpty
        Get-VMMigrationHistory db1 -After $since -Before $since | Should -BeNullOrEmpty
        (Get-VMMigrationHistory -After $since -Newest 1).Count | Should -Be 1
    }

    It 'has no entry for a VM that was never migrated' {
        Get-VMMigrationHistory nobody-ever -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
