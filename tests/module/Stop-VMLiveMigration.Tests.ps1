BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Stop-VMLiveMigration' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'M2: aborts, and returns when the VM is known to run at home' {
        $job = Start-SlowMigration
        $result = Stop-VMLiveMigration web1
        $result.Outcome, $result.Verdict | Should -Be Cancelled, Stayed
        Get-Home | Should -Be a
        ($job | Wait-Job -Timeout 10).State | Should -Be Failed -Because 'somebody else stopped it'
        { $job | Receive-Job -ErrorAction Stop } | Should -Throw -ErrorId Stopped*
    }

    It 'P1: does nothing with -WhatIf' {
        $null = Start-SlowMigration
        Get-VMLiveMigration | Stop-VMLiveMigration -WhatIf
        Get-VMLiveMigration | Should -Not -BeNullOrEmpty
    }

    It 'takes a VM from the pipeline' {
        $null = Start-SlowMigration
        (Get-LibvirtDomain web1 -HostName a | Stop-VMLiveMigration).Outcome | Should -Be Cancelled
    }

    It 'refuses in post-copy, where there is nothing to go back to' {
        $null = Start-SlowMigration @{ PostCopy = $true }
        $run = Switch-VMLiveMigration web1
        $null = Wait-Until { $run.IsPostCopy }
        { $run | Stop-VMLiveMigration -ErrorAction Stop } | Should -Throw -ErrorId 'CannotAbortPostCopy*'
        (Wait-VMLiveMigration web1).PostCopy | Should -BeTrue
    }

    It 'can be completed with the VMs that move' {
        $null = Start-SlowMigration
        (TabExpansion2 'Stop-VMLiveMigration ' 21).CompletionMatches.CompletionText | Should -Be web1
    }

    It 'says so when there is nothing to stop' {
        { Stop-VMLiveMigration web1 -ErrorAction Stop } | Should -Throw -ErrorId 'NoMigration*'
    }
}
