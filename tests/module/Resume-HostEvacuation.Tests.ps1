BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Resume-HostEvacuation' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V3: goes on after kill -9 of the PowerShell that carried it out' {
        $script = "Import-Module LiveMigration
            `$null = Connect-LibvirtHost '$(Get-LabUri a)' -Name a; `$null = Connect-LibvirtHost '$(Get-LabUri b)' -Name b
            Start-HostEvacuation a -Destination b -Bandwidth 10MiB/s"
        $client = Start-Process pwsh '-NoProfile', '-EncodedCommand', ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))) -PassThru -RedirectStandardOutput "$TestDrive/out" -RedirectStandardError "$TestDrive/error"
        $null = Wait-Until { Get-VMLiveMigration | Where-Object Phase -EQ Copying } -Seconds 60
        $client.Kill()
        Wait-Exit $client
        (Get-HostEvacuation -Latest).State | Should -Be Interrupted
        $results = Resume-HostEvacuation -WarningAction Ignore
        $results[-1].IsComplete | Should -BeTrue
        $results[-1].Domains.State | Should -Be Moved, Moved
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be b }
    }

    It 'V3: goes on with one that was stopped' {
        $job = Start-HostEvacuation a -Destination b -Bandwidth 20MiB/s -AsJob
        $result = Stop-HostEvacuation -Abort | Resume-HostEvacuation | Select-Object -Last 1
        $result.IsComplete | Should -BeTrue
        $result.State | Should -Be Completed
        $null = $job | Wait-Job -Timeout 30
        { Resume-HostEvacuation 20010101-000000-0000 } | Should -Throw -ErrorId 'EvacuationNotFound*'
    }

    It 'never carries out one twice' {
        $job = Start-HostEvacuation a -Destination b -Bandwidth 2MiB/s -AsJob
        { Resume-HostEvacuation (Get-HostEvacuation -Latest).Id } | Should -Throw -ErrorId 'EvacuationRuns*'
        $null = Stop-HostEvacuation -Abort
        $null = $job | Wait-Job -Timeout 30
    }
}
