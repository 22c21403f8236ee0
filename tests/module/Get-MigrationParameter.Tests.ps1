BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-MigrationParameter' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T3: tells what the QEMU of a VM has, with types and units' {
        $cache = Get-LibvirtDomain web1 | Get-MigrationParameter -Parameter xbzrle-cache-size
        $cache.Name, $cache.HostName, $cache.Type, $cache.Unit | Should -Be web1, a, Number, Bytes
        $cache.Value | Should -BeOfType [long]
        (Get-MigrationParameter web1, db1 *throttle*).Name | Select-Object -Unique | Should -Be web1, db1
    }

    It 'says that it taints the VM' {
        Get-MigrationParameter web1 announce-rounds -Verbose 4>&1 | Out-String | Should -Match 'custom-monitor'
    }

    It 'names what sets a parameter that is libvirt''s' {
        (Get-MigrationParameter web1 max-bandwidth).SetWith | Should -Be Set-MigrationBandwidth
    }

    It 'can be completed, and looked at' {
        (TabExpansion2 'Get-MigrationParameter web1 xbz' 31).CompletionMatches.CompletionText | Should -Be xbzrle-cache-size
        Get-MigrationParameter web1 xbzrle* | Out-String | Should -Match 'MiB'
    }
}
