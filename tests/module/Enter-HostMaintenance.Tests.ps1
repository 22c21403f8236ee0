BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Enter-HostMaintenance' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }
    AfterEach { Exit-HostMaintenance a, b -KeepPlacement -WarningAction Ignore }

    It 'V6: empties a host, and keeps VMs away from it until the maintenance ends' {
        $until = [datetime]::Now.AddHours(2)
        $out = Enter-HostMaintenance a -Destination b -Reason 'BIOS update' -Until $until

        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be b }
        $out[-2].IsComplete | Should -BeTrue
        $maintenance = $out[-1]
        $maintenance.HostName, $maintenance.State, $maintenance.Reason | Should -Be a, InMaintenance, 'BIOS update'
        $maintenance.Domains.Name | Sort-Object | Should -Be db1, web1
        $maintenance.Evacuations | Should -Be $out[-2].Id
        [math]::Abs(($maintenance.Until - $until).TotalSeconds) | Should -BeLessThan 2

        { Start-VMLiveMigration web1 -Destination a -ErrorAction Stop } | Should -Throw -ErrorId 'HostInMaintenance*' -ExpectedMessage '*a is in maintenance*BIOS update*'
        (New-EvacuationPlan b -Destination a).Unmovable.Reason | Should -BeLike '*a is in maintenance*'
        (Test-MigrationReadiness web1 a -Check NotInMaintenance).Failed.Fix | Should -Be 'Exit-HostMaintenance a'
        (Get-LibvirtHost a | Out-String) | Should -Match '(?m)^\(maintenance\)'
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be b }
    }

    It 'V6: the mark survives the daemon, and another user on another machine sees it' {
        $null = Enter-HostMaintenance a -KeepPlacement -Reason 'faulty fan'
        Invoke-Lab daemon a restart

        $said = Invoke-OtherUser @'
            $seen = (Get-LibvirtHost first).Maintenance
            "$($seen.Reason) by $($seen.By)"
            "ready: $((Test-MigrationReadiness web1 first -HostName first -Check LM112 -WarningAction Ignore).IsReady)"
            "second: $((Get-LibvirtHost second).Maintenance)"
'@
        $said | Should -Contain "faulty fan by $([Environment]::UserName)@$([Environment]::MachineName)"
        $said | Should -Contain 'ready: False'
        $said | Should -Contain 'second:'
        Get-Home web1 | Should -Be a
    }

    It 'V6: a second time moves what is left, and keeps what was said' {
        $first = Enter-HostMaintenance a -KeepPlacement -Reason 'first'
        $second = Enter-HostMaintenance a -Destination b -WarningVariable warnings -WarningAction Ignore | Select-Object -Last 1
        $warnings.Message | Should -BeLike 'a is already in maintenance: InMaintenance since * (first).'

        $second.Reason | Should -Be first
        $second.Since | Should -Be $first.Since
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be b }
    }

    It 'V6: a VM that appears after the plan was made is an error, and the host does not pass for empty' {
        $job = Enter-HostMaintenance a -Destination b -Bandwidth 20MiB/s -AsJob
        Invoke-Lab guest late a ws=4 rate=0 tick=50
        try {
            $null = Wait-Job $job -Timeout 120
            $null = Receive-Job $job -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -BeLike 'HostNotEmpty*'
            $failures.Exception.Message | Should -BeLike "*'late' still runs on a*"
        }
        finally { Invoke-Lab guest-remove late }
    }

    It '-WhatIf shows the plan and changes nothing' {
        Enter-HostMaintenance a -Destination b -WhatIf
        (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
        Get-Home web1 | Should -Be a
    }

    It 'refuses an end that has passed before anything happens' {
        { Enter-HostMaintenance a -Destination b -Until ([datetime]::Now.AddHours(-1)) } | Should -Throw -ErrorId 'InvalidArgument*'
        (Get-LibvirtHost a).Maintenance | Should -BeNullOrEmpty
    }
}
