Describe 'Errors' {
    It 'have a category that PowerShell knows, and never NotSpecified' {
        foreach ($category in [Enum]::GetNames([LiveMigration.Errors.FaultCategory])) {
            [Enum]::GetNames([Management.Automation.ErrorCategory]) | Should -Contain $category
            $category | Should -Not -Be NotSpecified
        }
    }

    It 'have an id of their own, and say what to do' {
        $cmdlets = (Get-Command Get-LibvirtHost).ImplementingType.Assembly.GetType('LiveMigration.PowerShell.Errors.CmdletFaults')
        $faults = foreach ($table in [LiveMigration.Errors.Faults], $cmdlets) {
            $table.GetFields('Public, Static').ForEach({ $_.GetValue($null) })
        }
        $faults.Id | Sort-Object -Unique | Should -HaveCount $faults.Count
        $faults.RecommendedAction | Should -Match '\w.*\.$'
    }
}
