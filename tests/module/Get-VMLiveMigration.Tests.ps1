BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-VMLiveMigration' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'shows nothing when nothing moves' {
        Get-VMLiveMigration -ErrorAction Stop | Should -BeNullOrEmpty
        Get-VMLiveMigration web1 -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'M2: shows a migration of ours, seen from either host, and how far it is' {
        $null = Start-SlowMigration
        $run = Get-VMLiveMigration
        $run.Name, $run.Source, "$($run.Destination)", $run.IsForeign | Should -Be web1, a, b, $false
        (Get-VMLiveMigration -HostName b).Id | Should -Be $run.Id
        ('web1' | Get-VMLiveMigration).Id | Should -Be $run.Id
        Get-VMLiveMigration db1 | Should -BeNullOrEmpty
        $run | Out-String | Should -Match 'web1 +a +b +Copying'
    }

    It 'M2: shows a migration that another tool started, and finds its destination' {
        $virsh = Start-VirshMigration 2
        $run = Wait-Until { Get-VMLiveMigration web1 }
        $run.Source, "$($run.Destination)", $run.IsForeign | Should -Be a, b, $true
        ($run | Stop-VMLiveMigration).Outcome | Should -Be Cancelled
        Wait-Exit $virsh
        Get-Home | Should -Be a
    }

    It 'can be printed whole without waiting for the end' {
        $null = Start-SlowMigration
        $json = Get-VMLiveMigration | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $json.Name, $json.Completion.IsCompleted | Should -Be web1, $false
    }

    It 'says so when there is no such VM' {
        { Get-VMLiveMigration wbe1 -ErrorAction Stop } | Should -Throw -ErrorId 'DomainNotFound*'
    }
}
