BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Exit-HostMaintenance' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }
    AfterEach { Exit-HostMaintenance a, b -KeepPlacement -WarningAction Ignore }

    It 'V6: brings the VMs back and ends the maintenance' {
        $null = Enter-HostMaintenance a -Destination b
        $results = Get-LibvirtHost a | Exit-HostMaintenance

        $results[-1].IsReturn, $results[-1].IsComplete | Should -Be $true, $true
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
        (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
        Invoke-Lab virsh a -q secret-list | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    It 'V6: another user, who has not the journal, brings them back as well' {
        $null = Enter-HostMaintenance a -Destination b
        $said = Invoke-OtherUser '(Exit-HostMaintenance first)[-1].IsComplete; (Get-LibvirtHost first).Maintenance'

        $said | Should -Be 'True'
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
    }

    It 'V6: a VM that is found nowhere keeps the host leaving, and taking VMs' {
        $null = Enter-HostMaintenance a -Destination b
        # The journal knows the other host; a user who has not the journal, and is connected to a alone, cannot find the VMs.
        $said = Invoke-OtherUser -HostName a @'
            Exit-HostMaintenance first -WarningVariable warnings -WarningAction Ignore
            $warnings.Message
            "$((Get-LibvirtHost first).Maintenance.State)"
'@
        $said | Should -Contain "'web1' is not running on any of the hosts, so it cannot be moved back."
        $said[-1] | Should -Be Leaving
        $null = Exit-HostMaintenance a
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
        (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
    }

    It '-KeepPlacement leaves the VMs where they are' {
        $null = Enter-HostMaintenance a -Destination b
        Exit-HostMaintenance a -KeepPlacement
        Get-Home web1 | Should -Be b
        (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
    }

    It '-WhatIf draws the way back and changes nothing' {
        $null = Enter-HostMaintenance a -Destination b
        Exit-HostMaintenance a -WhatIf
        Get-Home web1 | Should -Be b
        (Get-LibvirtHost a).Maintenance.State | Should -Be InMaintenance
    }

    It 'warns of a host that is not in maintenance' {
        Exit-HostMaintenance a -WarningVariable warnings -WarningAction Ignore
        $warnings.Message | Should -Be 'a is not in maintenance.'
    }
}
