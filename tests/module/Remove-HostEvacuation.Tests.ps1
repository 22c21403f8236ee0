BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Remove-HostEvacuation' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }
    AfterEach { Exit-HostMaintenance a, b -KeepPlacement -WarningAction Ignore }

    It 'V4: keeps an evacuation until its VMs are back, and then removes it' {
        $out = Start-HostEvacuation a -Destination b | Select-Object -Last 1
        { Remove-HostEvacuation $out.Id -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'EvacuationNeeded*'
        $back = Restore-VMPlacement $out.Id | Select-Object -Last 1
        $out, $back | Remove-HostEvacuation -Confirm:$false
        (Get-HostEvacuation).Id | Should -Not -Contain $out.Id
        (Get-HostEvacuation).Id | Should -Not -Contain $back.Id
    }

    It 'V6: keeps the evacuation of a host in maintenance, also when its VMs went back by themselves' {
        $out = Enter-HostMaintenance a -Destination b | Where-Object { $_ -is [LiveMigration.Evacuation.HostEvacuation] }
        $null = 'web1', 'db1' | Start-VMLiveMigration -HostName b -Destination a -SkipReadiness LM112
        { Remove-HostEvacuation $out.Id -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'EvacuationNeeded*' -ExpectedMessage '*in maintenance because of it*'
        Exit-HostMaintenance a -KeepPlacement
        Remove-HostEvacuation $out.Id -Confirm:$false
        (Get-HostEvacuation).Id | Should -Not -Contain $out.Id
    }

    It 'removes no evacuation that another process carries out, even by force' {
        $job = Start-HostEvacuation a -Destination b -Bandwidth 2MiB/s -AsJob
        $id = (Get-HostEvacuation -Latest).Id
        $said = pwsh -NoProfile -Command "Import-Module LiveMigration; try { Remove-HostEvacuation $id -Force -Confirm:`$false -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }"
        $said | Should -BeLike 'EvacuationRuns*'
        Stop-HostEvacuation $id -Abort | Should -Not -BeNullOrEmpty
        $null = $job | Wait-Job -Timeout 30
        { Remove-HostEvacuation $id -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'EvacuationNeeded*'
        Remove-HostEvacuation $id -Force -WhatIf
        (Get-HostEvacuation $id).State | Should -Be Stopped
        Remove-HostEvacuation $id -Force -Confirm:$false
        { Get-HostEvacuation $id -ErrorAction Stop } | Should -Throw -ErrorId 'EvacuationNotFound*'
    }
}
