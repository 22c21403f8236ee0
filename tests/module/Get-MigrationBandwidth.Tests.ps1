BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-MigrationBandwidth' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T1: tells the limits of VMs that do not move' {
        $limits = Get-LibvirtDomain web1, db1 -HostName a | Get-MigrationBandwidth
        $limits.Name | Sort-Object | Should -Be db1, web1
        $limits.HostName | Should -Be a, a
        $limits.Limit | Should -Be $null, $null
        $limits[0].MemoryRate | Should -BeNullOrEmpty
        $limits | Out-String | Should -Match 'web1 +a +max'
    }

    It 'T1: tells the limit of a migration, and what it uses, without being told which host it leaves' {
        $null = Start-SlowMigration
        $now = Wait-Until { Get-MigrationBandwidth web1 | Where-Object MemoryRate }
        $now.HostName | Should -Be a
        $now.Limit | Should -Be 2MB
        $now = Wait-Until { Get-MigrationBandwidth web1 | Where-Object { $_.MemoryRate -gt 1MB } }
        $now.MemoryRate | Should -BeLessThan 3MB
        $now.DiskRate | Should -BeNullOrEmpty -Because 'no disk is copied'
    }

    It 'says so when there is no such VM' {
        { Get-MigrationBandwidth wbe1 -ErrorAction Stop } | Should -Throw -ErrorId 'DomainNotFound*'
    }
}
