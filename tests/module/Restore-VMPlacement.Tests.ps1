BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Restore-VMPlacement' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V4: brings the VMs home from where they are now' {
        $out = Start-HostEvacuation a -Destination b | Select-Object -Last 1
        $null = Start-VMLiveMigration db1 -Destination a
        $results = Restore-VMPlacement $out.Id -WarningVariable warnings -WarningAction Ignore
        $warnings.Message | Should -Contain "'db1' is already back on a."
        $results[0].Name | Should -Be web1
        $results[0].Destination | Should -Be a
        $results[-1].IsReturn | Should -BeTrue
        $results[-1].IsComplete | Should -BeTrue
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
    }
}
