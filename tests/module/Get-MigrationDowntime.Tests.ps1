BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-MigrationDowntime' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T2: tells the limits of VMs that do not move' {
        $null = Get-LibvirtDomain web1, db1 -HostName a | Set-MigrationDowntime -MaxDowntime 300ms
        $limits = Get-LibvirtDomain web1, db1 -HostName a | Get-MigrationDowntime
        $limits.Name | Sort-Object | Should -Be db1, web1
        $limits.Limit.TotalMilliseconds | Should -Be 300, 300
        $limits[0].Expected | Should -BeNullOrEmpty
        $limits | Out-String | Should -Match 'web1 +a +300 ms'
    }

    It 'T2: tells the limit of a migration, and what is to be expected' {
        $null = Start-SlowMigration @{ MaxDowntime = '250ms' }
        $now = Wait-Until { Get-MigrationDowntime web1 | Where-Object Expected }
        $now.HostName | Should -Be a
        $now.Limit.TotalMilliseconds | Should -Be 250
    }

    It 'says so when there is no such VM' {
        { Get-MigrationDowntime wbe1 -ErrorAction Stop } | Should -Throw -ErrorId 'DomainNotFound*'
    }
}
