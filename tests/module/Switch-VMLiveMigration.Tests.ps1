BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Switch-VMLiveMigration' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'T4: lets the VM go on at the destination and fetch the rest' {
        $null = Start-SlowMigration @{ PostCopy = $true }
        $result = Switch-VMLiveMigration web1 | Wait-VMLiveMigration
        $result.Outcome, $result.PostCopy | Should -Be Completed, $true
        Get-Home | Should -Be b
    }

    It 'T4: finds the migration of a job that has just been returned' {
        $null = Start-VMLiveMigration web1 -HostName a -Destination b -Bandwidth 2MiB/s -PostCopy -AsJob
        (Switch-VMLiveMigration web1 | Wait-VMLiveMigration).Outcome | Should -Be Completed
    }

    It 'says so when the migration was not made for it, which goes on' {
        $null = Start-SlowMigration
        Switch-VMLiveMigration web1 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be InvalidOperation
        "$problem" | Should -Match 'post-?copy'
        Get-VMLiveMigration | Should -Not -BeNullOrEmpty
    }

    It 'P1: does nothing with -WhatIf' {
        $null = Start-SlowMigration @{ PostCopy = $true }
        Switch-VMLiveMigration web1 -WhatIf
        (Get-VMLiveMigration).IsPostCopy | Should -BeFalse
    }
}
