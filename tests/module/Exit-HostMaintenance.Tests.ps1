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
            Exit-HostMaintenance first -WarningVariable warnings -WarningAction Ignore -ErrorVariable failures -ErrorAction SilentlyContinue
            $warnings.Message
            $failures.FullyQualifiedErrorId
            "$((Get-LibvirtHost first).Maintenance.State)"
'@
        $said | Where-Object { $_ } | Should -Contain "'web1' is not running on any of the hosts, so it cannot be moved back."
        $said | Should -Contain 'MaintenanceNotEnded,LiveMigration.PowerShell.Commands.ExitHostMaintenanceCommand'
        $said[-1] | Should -Be Leaving
        $null = Exit-HostMaintenance a
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
        (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
    }

    It 'V6: a VM that was shut off meanwhile stays where it is, and the maintenance ends' {
        $null = Enter-HostMaintenance a -Destination b
        Invoke-Lab virsh b destroy db1
        try {
            $null = Exit-HostMaintenance a -WarningVariable warnings -WarningAction Ignore
            $warnings.Message | Should -Contain "'db1' is shut off on b, and stays there."
            Get-Home web1 | Should -Be a
            (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
        }
        finally { Invoke-Lab virsh b start db1 }
    }

    It 'V6: a host that has another name by now gets its VMs back' {
        $null = Enter-HostMaintenance a -Destination b
        Disconnect-LibvirtHost a
        $null = Connect-LibvirtHost (Get-LabUri a) -Name other
        $null = Exit-HostMaintenance other -WarningAction Ignore
        (Get-LibvirtHost).Maintenance | Where-Object { $_ } | Should -BeNullOrEmpty
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -BeIn a, other }
    }

    It 'V6: a host that is still being evacuated is not let go' {
        $job = Enter-HostMaintenance a -Destination b -Bandwidth 3MiB/s -AsJob
        $job | Should -HaveCount 1
        $null = Wait-Until { Get-VMLiveMigration | Where-Object Phase -EQ Copying }
        { Exit-HostMaintenance a -ErrorAction Stop } | Should -Throw -ErrorId 'EvacuationRuns*'
        (Get-LibvirtHost a).Maintenance.State | Should -Be InMaintenance
        $job | Stop-Job
        Exit-HostMaintenance a -KeepPlacement
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
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
