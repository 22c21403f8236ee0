BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-QemuProcess' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'asks again what it does' {
        $qemu = Start-BareQemu | Connect-QemuProcess
        Invoke-QmpCommand stop -Name web1 -Confirm:$false
        (Get-QemuProcess web*).State | Should -Be paused
        ($qemu | Get-QemuProcess).State | Should -Be paused
        (Get-QemuProcess $qemu.Address).State | Should -Be paused
    }

    It 'leaves out what has ended where all are listed, and says so where it is named' {
        $null = Start-BareQemu | Connect-QemuProcess
        Invoke-QmpCommand quit -Name web1 -Confirm:$false
        Wait-Until { -not (Get-QemuProcess -ErrorAction Ignore) -or $true }
        Start-Sleep -Milliseconds 500
        Get-QemuProcess | Should -BeNullOrEmpty
        { Get-QemuProcess web1 -ErrorAction Stop } | Should -Throw -ErrorId 'QemuNotConnected*'
        Get-QemuProcess 'nosuch*' -ErrorAction Stop
    }
}
