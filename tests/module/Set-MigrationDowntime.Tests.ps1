BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Set-MigrationDowntime' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach {
        Reset-Lab
        Set-MigrationDowntime web1, db1 300ms
    }
    AfterAll { if (-not $NoLab) { Reset-Lab; Set-MigrationDowntime web1, db1 300ms } }

    It 'T2: lets a migration through that would not get done' {
        $before = (Invoke-Lab ticks web1 | ConvertFrom-Json).last
        # Less than the VM changes.
        $job = Start-VMLiveMigration web1 b -Bandwidth 3MiB/s -MaxDowntime 10ms -AsJob
        $null = Wait-Until { Get-VMLiveMigration web1 | Where-Object Phase -EQ Copying }
        Wait-Job $job -Timeout 8 | Should -BeNullOrEmpty -Because 'the VM changes more than is sent'
        (Set-MigrationDowntime web1 60s -PassThru).Limit | Should -Be ([timespan]::FromSeconds(60))
        ($job | Wait-Job -Timeout 90).State | Should -Be Completed
        ($job | Receive-Job).Downtime.TotalMilliseconds | Should -BeGreaterThan 10 -Because 'that was not enough'
        Get-Home | Should -Be b
        (Invoke-Lab ticks web1 --since $before | ConvertFrom-Json).lost | Should -Be 0
    }

    It 'T2: is kept for the next migration' {
        $set = Set-MigrationDowntime web1 700ms -PassThru
        $set.Limit.TotalMilliseconds | Should -Be 700
        $null = Start-SlowMigration
        (Get-MigrationDowntime web1).Limit.TotalMilliseconds | Should -Be 700
    }

    It 'T2: sets all VMs that are piped' {
        $set = Get-LibvirtDomain web1, db1 -HostName a | Set-MigrationDowntime -Downtime 1.5s -PassThru
        $set.Limit.TotalSeconds | Should -Be 1.5, 1.5
    }

    It 'refuses <Value>: <Id>' -ForEach @(
        @{ Value = '0'; Id = 'OutOfRange' }
        @{ Value = '2001s'; Id = 'OutOfRange' }
        @{ Value = '-1'; Id = 'ParameterArgumentTransformationError' }
    ) {
        { Set-MigrationDowntime web1 $Value -ErrorAction Stop } | Should -Throw -ErrorId "$Id*"
        (Get-MigrationDowntime web1).Limit.TotalMilliseconds | Should -Be 300
    }

    It 'P1: sets nothing with -WhatIf' {
        Set-MigrationDowntime web1 1s -WhatIf
        (Get-MigrationDowntime web1).Limit.TotalMilliseconds | Should -Be 300
    }
}
