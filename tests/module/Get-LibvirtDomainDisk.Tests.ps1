BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-LibvirtDomainDisk' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'tells where a disk is and who can reach it' {
        $disk = Get-LibvirtDomain web1 | Get-LibvirtDomainDisk
        $disk.Target, $disk.Device, $disk.Access | Should -Be vda, disk, Shared
        $disk.Source | Should -BeLike 'nbd://*'
        $disk.Evidence | Should -Not -BeNullOrEmpty
        $disk.Capacity | Should -Be 64MB
    }

    It 'finds VMs by name and disks by target' {
        (Get-LibvirtDomainDisk web1 vd*).Target | Should -Be vda
        Get-LibvirtDomainDisk web1 -Target vdz | Should -BeNullOrEmpty
        Get-LibvirtDomainDisk db1 | Should -BeNullOrEmpty
        (Get-LibvirtDomainDisk * -HostName a).Name | Should -Be web1
    }

    It 'asks what was meant when a name is mistyped' {
        { Get-LibvirtDomainDisk wbe1 -ErrorAction Stop } | Should -Throw "*Did you mean 'web1'?" -ErrorId 'DomainNotFound*'
    }

    It 'can be completed' {
        (TabExpansion2 'Get-LibvirtDomainDisk web1 -Target ' 35).CompletionMatches.CompletionText | Should -Be vda
    }
}
