BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Set-MigrationCapability' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }
    AfterAll { if (-not $NoLab) { Set-MigrationCapability web1, db1 release-ram $false } }

    It 'T3: switches one on and off' {
        (Set-MigrationCapability web1, db1 release-ram $true -PassThru).Enabled | Should -Be $true, $true
        Set-MigrationCapability web1 release-ram $false
        (Get-MigrationCapability web1 release-ram).Enabled | Should -BeFalse
    }

    It 'leaves to libvirt what is libvirt''s' {
        { Set-MigrationCapability web1 multifd $true -ErrorAction Stop } | Should -Throw '*Start-VMLiveMigration -Parallel*' -ErrorId 'SetByLibvirt*'
        { Set-MigrationCapability web1 mulitfd $true -ErrorAction Stop } | Should -Throw "*'multifd'*" -ErrorId 'NoSuchMigrationSetting*'
    }

    It 'changes none while a migration runs' {
        $null = Start-SlowMigration
        { Set-MigrationCapability web1 zero-blocks $true -HostName a -ErrorAction Stop } | Should -Throw '*while a migration is running*' -ErrorId 'MigrationInProgress*'
    }

    It 'P1: does nothing with -WhatIf' {
        Set-MigrationCapability web1 zero-blocks $true -WhatIf
        (Get-MigrationCapability web1 zero-blocks).Enabled | Should -BeFalse
    }
}
