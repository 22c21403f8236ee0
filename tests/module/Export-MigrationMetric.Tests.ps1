BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Export-MigrationMetric' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        $file = "$TestDrive/livemigration.prom"
        function Get-Metric([string] $Series) { Select-String "^$([regex]::Escape($Series)) (.*)" $file | ForEach-Object { [double] $_.Matches.Groups[1].Value } | Select-Object -First 1 }
        $moved = 'livemigration_migrations_total{outcome="completed",source="a",destination="b",mode="peer_to_peer"}'
    }
    BeforeEach { Reset-Lab }

    It 'M8: counts a migration of this process and of another one' {
        $null = Export-MigrationMetric $file
        $before = Get-Metric $moved
        $result = Start-VMLiveMigration db1 b
        $null = Export-MigrationMetric $file
        Get-Metric $moved | Should -Be ($before + 1)
        # Another process without a connected host, as a timer starts it, counts the same.
        pwsh -NoProfile -Command "Import-Module LiveMigration; Export-MigrationMetric $TestDrive/other.prom" | Out-Null
        Select-String ([regex]::Escape("$moved $($before + 1)")) $TestDrive/other.prom | Should -Not -BeNullOrEmpty
        Get-Metric 'livemigration_migration_downtime_seconds_count{post_copy="false"}' | Should -BeGreaterThan 0
        $result.Outcome | Should -Be Completed
    }

    It 'M8: shows how far a migration is that another tool started' {
        $virsh = Start-VirshMigration 2
        $null = Wait-Until { Get-LibvirtDomain web1 -HostName a | Where-Object Migrating }
        $null = Wait-Until { $null = Export-MigrationMetric $file -HostName a, b; (Get-Metric 'livemigration_migration_remaining_bytes{vm="web1",source="a",destination="b"}') -gt 0 }
        Get-Metric livemigration_migrations_running | Should -Be 1
        Get-Metric 'livemigration_host_up{host="b"}' | Should -Be 1
        if (Get-Command promtool -ErrorAction Ignore) { Get-Content $file -Raw | promtool check metrics 2>&1 | Should -BeNullOrEmpty }
        $null = Stop-VMLiveMigration web1
        Wait-Exit $virsh
        $null = Export-MigrationMetric $file
        Get-Metric livemigration_migrations_running | Should -Be 0
    }

    It 'P3: writes nothing with -WhatIf, and replaces no file of somebody else' {
        Export-MigrationMetric $TestDrive/none.prom -WhatIf
        "$TestDrive/none.prom" | Should -Not -Exist
        Set-Content $TestDrive/mine.prom mine
        { Export-MigrationMetric $TestDrive/mine.prom } | Should -Throw -ErrorId 'MetricFileExists*'
        (Export-MigrationMetric $TestDrive/mine.prom -Force).Name | Should -Be mine.prom
    }
}
