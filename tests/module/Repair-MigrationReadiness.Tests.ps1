BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Repair-MigrationReadiness' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Start-Lab
        Invoke-Lab guest net2 a nic=network disk=shared autostart=1 ws=16 rate=4
        function Get-State { Invoke-Lab virsh b net-list --all; Invoke-Lab virsh b pool-list --all }
    }
    AfterAll { Invoke-Lab guest-remove net2 }
    BeforeEach {
        Reset-Lab
        $whole = Get-State
        Invoke-Lab virsh b net-destroy virtual
        Invoke-Lab virsh b net-autostart virtual --disable
        Invoke-Lab virsh b pool-destroy shared
        Invoke-Lab virsh b pool-autostart shared --disable
    }
    AfterEach { Test-MigrationReadiness net2 -Destination b | Repair-MigrationReadiness }

    It 'R2: starts networks and pools, and lets them start with the host' {
        $report = Test-MigrationReadiness net2 -Destination b
        $report.IsReady | Should -BeFalse
        $repaired = $report | Repair-MigrationReadiness
        $repaired.Id | Sort-Object | Should -Be LM039, LM039, LM075, LM081
        Get-State | Should -Be $whole
        Test-MigrationReadiness net2 -Destination b | ForEach-Object Findings | Where-Object RepairAction | Should -BeNullOrEmpty
    }

    It 'repairs once what is in the way of several VMs' {
        $report = Test-MigrationReadiness net2 -Destination b
        ($report, $report | Repair-MigrationReadiness).Count | Should -Be 4
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-State
        Test-MigrationReadiness net2 -Destination b | Repair-MigrationReadiness -WhatIf | Should -BeNullOrEmpty
        Get-State | Should -Be $before
    }

    It 'tells what the host says when it does not do it' {
        $report = Test-MigrationReadiness net2 -Destination b
        $report | Repair-MigrationReadiness
        $report | Repair-MigrationReadiness -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors | Should -HaveCount 2 -Because 'what runs cannot be started again'
    }
}
