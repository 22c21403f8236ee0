BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-LibvirtDomain' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'lists the VMs of all connected hosts' {
        $domains = Get-LibvirtDomain
        $domains.Name | Should -Be db1, web1
        $domains.HostName | Should -Be a, a
        $domains[1].Storage | Should -Be Shared
        $domains | Out-String | Should -Match 'web1 +a +Running'
    }

    It 'finds by name, by pattern and by UUID, on one host or on several' {
        $web = Get-LibvirtDomain web1 -Host a
        (Get-LibvirtDomain 'w*').Uuid | Should -Be $web.Uuid
        (Get-LibvirtDomain $web.Uuid -HostName a, b).Name | Should -Be web1
        (Get-LibvirtDomain -Name $web).Name | Should -Be web1
        (Get-LibvirtHost | Get-LibvirtDomain).Name | Should -Be db1, web1
        Get-LibvirtDomain -HostName b | Should -BeNullOrEmpty
    }

    It 'filters by state' {
        (Get-LibvirtDomain -State Running).Name | Should -Be db1, web1
        Get-LibvirtDomain web1 -State ShutOff, Paused -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'asks what was meant when a name is mistyped' {
        { Get-LibvirtDomain wbe1 -ErrorAction Stop } | Should -Throw "*Domain 'wbe1' was not found*Did you mean 'web1'?" -ErrorId 'DomainNotFound*'
        (Get-LibvirtDomain nope, web1 -ErrorAction SilentlyContinue -ErrorVariable problem).Name | Should -Be web1
        $problem.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'finds nothing, and no fault with it, for a pattern that matches nothing' {
        Get-LibvirtDomain 'nope*' -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'lists what it can when a host <Is>, and says once which it leaves out' -ForEach @(
        @{ Is = 'is down'; Word = 'stop'; Undo = 'start' }
        @{ Is = 'keeps silent'; Word = 'pause'; Undo = 'continue' }
    ) {
        Invoke-Lab daemon b $Word
        try {
            (Get-LibvirtDomain -WarningVariable said -WarningAction SilentlyContinue -ErrorAction Stop).Name | Should -Be db1, web1
            $said -like 'b is connected but does not answer, and is skipped: *' | Should -HaveCount 1
            (TabExpansion2 'Get-LibvirtDomain -Name w' 25).CompletionMatches.CompletionText | Should -Contain web1
        }
        finally { Invoke-Lab daemon b $Undo }
    }

    It 'makes it an error when the host that is down was named' {
        Invoke-Lab daemon b stop
        try {
            (Get-LibvirtDomain -HostName a, b -ErrorAction SilentlyContinue -ErrorVariable problem -WarningAction Ignore).Name | Should -Be db1, web1
            $problem.CategoryInfo.Category | Should -Be ConnectionError
        }
        finally { Invoke-Lab daemon b start }
    }

    It 'says where to look when nothing is connected' {
        Get-LibvirtHost | Disconnect-LibvirtHost
        { Get-LibvirtDomain } | Should -Throw -ErrorId 'NoHost*'
    }

    It 'ends at once when the pipeline has enough' {
        (Get-LibvirtDomain | Select-Object -First 1).Name | Should -Be db1
    }

    It 'can be completed: <Line>' -ForEach @(
        @{ Line = 'Get-LibvirtDomain w'; Text = 'web1' }
        @{ Line = 'Get-LibvirtDomain -HostName a -Name d'; Text = 'db1' }
        @{ Line = 'Get-LibvirtDomain -State Run'; Text = 'Running' }
        @{ Line = 'Get-LibvirtDomain -Host '; Text = 'a', 'b' }
        @{ Line = 'Get-LibvirtDomain -HostName b -Name w'; Text = $null }
    ) {
        $found = (TabExpansion2 $Line $Line.Length).CompletionMatches.Where({ $_.ResultType -eq 'ParameterValue' }).CompletionText
        $found | Should -Be $Text
    }

    It 'is not kept waiting for completions by a host that keeps silent' {
        Invoke-Lab daemon a pause
        try {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $null = TabExpansion2 'Get-LibvirtDomain -Name w' 25
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 10 -Because 'a host is given 40 s to answer'
        }
        finally { Invoke-Lab daemon a continue }
    }
}
