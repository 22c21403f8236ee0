BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Connect-QemuProcess' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'shows what a QEMU is' {
        $qemu = Start-BareQemu | Connect-QemuProcess
        $qemu.Name, $qemu.HostName, $qemu.State, $qemu.Accelerator | Should -Be web1, localhost, running, tcg
        $qemu.Machine | Should -BeLike 'pc-q35-*'
        $qemu.Memory | Should -Be 64MB
        $qemu.Cpus, $qemu.MaxCpus | Should -Be 1, 1
        $qemu.QemuVersion | Should -BeGreaterOrEqual ([version]'7.2')
    }

    It 'connects one monitor once, and calls it what it is told' {
        $address = Start-BareQemu
        $first = Connect-QemuProcess $address
        (Connect-QemuProcess $address) | Should -Be $first
        (Connect-QemuProcess $address -Name other).Name | Should -Be other
        @(Get-QemuProcess).Count | Should -Be 1
    }

    It 'says where nothing listens, and what is no address' {
        { Connect-QemuProcess /nosuch/web1.qmp -ErrorAction Stop } | Should -Throw '*the socket does not exist*' -ErrorId 'MonitorUnreachable*'
        { Connect-QemuProcess nonsense -ErrorAction Stop } | Should -Throw '*unix:PATH*'
        { Connect-QemuProcess ssh://hostonly -ErrorAction Stop } | Should -Throw '*ssh://*PATH*'
    }

    It 'connects over ssh, and says why ssh cannot' {
        $address = (Start-BareQemu) -replace '^unix:'
        Reset-Lab
        $uri = [uri](Get-LabUri a ssh)
        # The lab's hosts share the machine's /tmp, and its sshd is a host's.
        $over = "ssh://$($uri.UserInfo)@$($uri.Host):$($uri.Port)$address$($uri.Query)" -replace ':-1/', '/'
        $qemu = Connect-QemuProcess $over -ErrorAction Stop
        $qemu.Name, $qemu.State, $qemu.HostName | Should -Be web1, running, $ipA
        { Connect-QemuProcess ($over -replace 'web1.qmp', 'nosuch.qmp') -ErrorAction Stop -Timeout 10 } | Should -Throw "*nosuch*"
    }
}
