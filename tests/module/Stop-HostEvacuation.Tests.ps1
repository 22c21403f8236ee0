BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Stop-HostEvacuation' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V3: aborts what runs, and the VMs are where they were' {
        $job = Start-HostEvacuation a -Destination b -Bandwidth 2MiB/s -AsJob
        $null = Wait-Until { Get-VMLiveMigration | Where-Object Phase -EQ Copying }
        $stopped = Stop-HostEvacuation -Abort
        $stopped.State | Should -Be Stopped
        $stopped.StoppedBecause | Should -Be 'a stop was requested'
        $stopped.Stayed | Should -Be 2
        $stopped.Domains.Fault.Id | Should -Be EvacuationStopped, EvacuationStopped
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
        ($job | Wait-Job -Timeout 30).State | Should -Be Failed
    }

    It 'V3: lets what runs finish' {
        $job = Start-HostEvacuation a -Destination b -Bandwidth 40MiB/s -MaxOutgoing 1 -AsJob
        $null = Wait-Until { Get-VMLiveMigration | Where-Object Phase -EQ Copying }
        $stopped = Stop-HostEvacuation
        $stopped.Moved | Should -Be 1
        $stopped.Stayed | Should -Be 1
        $null = $job | Wait-Job -Timeout 30
    }

    It 'says when there is nothing to stop' {
        { Stop-HostEvacuation } | Should -Throw -ErrorId 'EvacuationNotFound*'
        { Stop-HostEvacuation 20010101-000000-0000 } | Should -Throw -ErrorId 'EvacuationNotFound*'
    }
}
