BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Set-MigrationParameter' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T3: sets <parameter> to <value> on several VMs' -ForEach @(
        @{ Parameter = 'announce-rounds'; Value = 7; Is = 7 }
        @{ Parameter = 'xbzrle-cache-size'; Value = '2MiB'; Is = 2MB }
        @{ Parameter = 'announce-initial'; Value = '80ms'; Is = 80 }
        @{ Parameter = 'cpu-throttle-tailslow'; Value = $true; Is = $true }
    ) {
        $set = Set-MigrationParameter web1, db1 $Parameter $Value -PassThru
        $set.Name | Should -Be web1, db1
        (Get-MigrationParameter web1, db1 $Parameter).Value | Should -Be $Is, $Is
        $set.Changed | Should -Be $true, $true
    }

    It 'refuses <parameter> <value> as <id>' -ForEach @(
        @{ Parameter = 'announce-rounds'; Value = 'many'; Id = 'WrongType'; Says = '*a whole number*' }
        @{ Parameter = 'announce-rounds'; Value = 5000; Id = 'OutOfRange'; Says = '*0 to 1000*' }
        @{ Parameter = 'anounce-rounds'; Value = 5; Id = 'NoSuchMigrationSetting'; Says = "*Did you mean 'announce-rounds'?" }
        @{ Parameter = 'max-bandwidth'; Value = 5; Id = 'SetByLibvirt'; Says = '*Set-MigrationBandwidth*' }
        @{ Parameter = 'downtime-limit'; Value = 5; Id = 'SetByLibvirt'; Says = '*Set-MigrationDowntime*' }
    ) {
        { Set-MigrationParameter web1 $Parameter $Value -ErrorAction Stop } | Should -Throw $Says -ErrorId "$Id*"
    }

    It 'does not take a second for a millisecond' {
        { Set-MigrationParameter web1 announce-initial 1s } | Should -Throw "*Put it in quotes: '1s'."
        (Set-MigrationParameter web1 announce-initial '1s' -PassThru).Value | Should -Be 1000
    }

    It 'P1: does nothing with -WhatIf' {
        $before = (Get-MigrationParameter web1 announce-step).Value
        Set-MigrationParameter web1 announce-step 77 -WhatIf
        (Get-MigrationParameter web1 announce-step).Value | Should -Be $before
    }
}
