BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Disconnect-LibvirtHost' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'forgets hosts by name, by pattern and from the pipeline' {
        Disconnect-LibvirtHost a
        (Get-LibvirtHost).Name | Should -Be b
        Get-LibvirtHost | Disconnect-LibvirtHost
        Get-LibvirtHost | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        Disconnect-LibvirtHost * -WhatIf
        (Get-LibvirtHost).Name | Should -Be a, b
    }

    It 'says so when there is no such host' {
        { Disconnect-LibvirtHost c -ErrorAction Stop } | Should -Throw -ErrorId 'HostNotConnected*'
        Disconnect-LibvirtHost 'z*' -ErrorAction Stop
    }

    It 'does not cut off a migration' {
        $null = Start-SlowMigration
        { Disconnect-LibvirtHost a -ErrorAction Stop } | Should -Throw "*'web1'*" -ErrorId 'HostInUse*'
        (Get-LibvirtHost).Name | Should -Be a, b
    }

    It 'leaves a domain of that host with a clear error' {
        $web = Get-LibvirtDomain web1
        Disconnect-LibvirtHost a
        { $web | Get-LibvirtDomainDisk -ErrorAction Stop } | Should -Throw -ErrorId 'HostDisconnected*'
    }
}
