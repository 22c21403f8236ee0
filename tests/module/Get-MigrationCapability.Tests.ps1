BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-MigrationCapability' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T3: tells what the QEMU of a VM has, and what is on' {
        $all = Get-LibvirtDomain web1 | Get-MigrationCapability
        ($all | Where-Object Capability -EQ events).Enabled | Should -BeTrue
        ($all | Where-Object Capability -EQ multifd).SetWith | Should -Be 'Start-VMLiveMigration -Parallel'
        (Get-MigrationCapability web1 postcopy-*).Capability | Should -Contain postcopy-ram
    }

    It 'can be completed' {
        (TabExpansion2 'Get-MigrationCapability web1 rel' 32).CompletionMatches.CompletionText | Should -Be release-ram
    }
}
