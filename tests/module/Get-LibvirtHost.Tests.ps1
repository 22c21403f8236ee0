BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-LibvirtHost' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'shows the connected hosts, what they have and how many VMs run' {
        $hosts = Get-LibvirtHost
        $hosts.Name | Should -Be a, b
        $hosts[0].RunningDomains | Should -Be 2
        $hosts | Out-String | Should -Match 'QEMU \d+\.\d+'
    }

    It 'takes a name, a pattern, and objects from the pipeline' {
        (Get-LibvirtHost b).Name | Should -Be b
        (Get-LibvirtHost '[ab]').Name | Should -Be a, b
        (Get-LibvirtHost | Get-LibvirtHost).Name | Should -Be a, b
        Get-LibvirtHost 'z*' | Should -BeNullOrEmpty
    }

    It 'shows nothing, and no error, when no host is connected' {
        Get-LibvirtHost | Disconnect-LibvirtHost
        Get-LibvirtHost -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'asks what was meant when a name is mistyped' {
        Connect-LibvirtHost (Get-LabUri a) -Name storage1 | Out-Null
        $LiveMigrationUriTemplate = 'qemu+tcp://NAME.invalid/system'
        { Get-LibvirtHost storgae1 -ErrorAction Stop } | Should -Throw "*qemu+tcp://storgae1.invalid/system*Did you mean 'storage1'?*"
    }

    It 'says that a connection was lost, and makes it again' {
        Invoke-Lab daemon a restart
        (Get-LibvirtHost a -WarningVariable told -WarningAction SilentlyContinue).RunningDomains | Should -Be 2
        "$told" | Should -BeLike '*connection to a was lost*'
        Get-LibvirtHost a -WarningVariable told | Out-Null
        $told | Should -BeNullOrEmpty
    }

    It 'tells of a host that is down, and shows the others' {
        Invoke-Lab daemon a stop
        try {
            (Get-LibvirtHost -WarningVariable said -WarningAction SilentlyContinue -ErrorAction Stop).Name | Should -Be b
            $said -like 'a is connected but does not answer, and is skipped: *' | Should -HaveCount 1
            (Get-LibvirtHost a, b -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction Ignore).Name | Should -Be b
            $problem.CategoryInfo.Category | Should -Be ConnectionError
            $problem.TargetObject | Should -Be a
        }
        finally { Invoke-Lab daemon a start }
    }

    It 'can be completed' {
        (TabExpansion2 'Get-LibvirtHost ' 16).CompletionMatches.CompletionText | Should -Be a, b
        (TabExpansion2 'Start-VMLiveMigration web1 -Destination b' 41).CompletionMatches.CompletionText | Should -Be b
    }
}
