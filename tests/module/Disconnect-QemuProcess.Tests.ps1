BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Disconnect-QemuProcess' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'leaves the monitor to others, and the VM running' {
        $address = Start-BareQemu
        Connect-QemuProcess $address | Disconnect-QemuProcess
        Get-QemuProcess | Should -BeNullOrEmpty
        (Connect-QemuProcess $address).State | Should -Be running
    }

    It 'does nothing with -WhatIf, and says so when there is no such QEMU' {
        $null = Start-BareQemu | Connect-QemuProcess
        Disconnect-QemuProcess web1 -WhatIf
        @(Get-QemuProcess).Count | Should -Be 1
        { Disconnect-QemuProcess wbe1 -ErrorAction Stop } | Should -Throw "*web1*" -ErrorId 'QemuNotConnected*'
    }
}
