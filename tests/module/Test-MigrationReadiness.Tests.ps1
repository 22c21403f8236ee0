BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Test-MigrationReadiness' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Start-Lab
        Invoke-Lab guest net1 a nic=network ws=16 rate=4
    }
    AfterAll { Invoke-Lab guest-remove net1 }
    BeforeEach { Reset-Lab }

    It 'R1: a VM that is ready may go, and what is ready is piped on' {
        $report = Test-MigrationReadiness web1 -Destination b
        $report.IsReady | Should -BeTrue
        $report.Failed | Should -BeNullOrEmpty
        $report.Name, $report.Source, $report.Destination | Should -Be web1, a, b
        $line = 'Test-MigrationReadiness x y -Check '
        $report.Findings.Id | Select-Object -Unique | Should -Be ((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -notlike "LM2*")
        ($report | Where-Object IsReady | Start-VMLiveMigration -Destination b).Verdict | Should -Be Moved
        Get-Home | Should -Be b
    }

    It 'R2: what stands in the way is found before anything moves, with the command that fixes it' {
        Invoke-Lab virsh b net-destroy virtual
        $finding = (Test-MigrationReadiness net1 -Destination b).Blockers
        $finding.Id | Should -Be LM075
        $finding.Status | Should -Be Fail
        $null = Invoke-Expression $finding.Fix
        Test-MigrationReadiness net1 -Destination b -Quiet | Should -BeTrue
    }

    It 'R1: options change what must hold' {
        Test-MigrationReadiness web1 -Destination b -PostCopy -Parallel 2 -Check LM090 -Quiet | Should -BeFalse
        Test-MigrationReadiness web1 -Destination b -PostCopy -Check LM090 -Quiet | Should -BeTrue
    }

    It 'R3: several VMs, several destinations' {
        $reports = Get-LibvirtDomain web1, db1 -HostName a | Test-MigrationReadiness -Destination a, b -Check LM004, LM046
        $reports | Should -HaveCount 4
        $reports | Where-Object IsReady | ForEach-Object Destination | Select-Object -Unique | Should -Be b
        ($reports | Where-Object Destination -EQ a).Blockers.Id | Select-Object -Unique | Should -Be LM004
    }

    It 'takes and leaves checks by id, pattern and category' {
        (Test-MigrationReadiness web1 b -Check LM00*, LM044 -ExcludeCheck LM003).Findings.Id | Should -Not -Contain LM003
        (Test-MigrationReadiness web1 b -Category Storage, Tls).Findings.Category | Select-Object -Unique | Should -Be Tls, Storage
        { Test-MigrationReadiness web1 b -Check LM999 } | Should -Throw "*Check 'LM999' was not found*" -ErrorId 'CheckNotFound*'
    }

    It 'R3: a policy weighs, measures and waives' {
        Set-Content $TestDrive/site.yaml @'
severities:
  LM041: blocker
thresholds:
  memoryReserve: 1PiB
waivers:
  - check: LM046
    reason: more memory is on order
    until: 2999-12-31
    name: web*
'@
        $report = Test-MigrationReadiness web1 -Destination b -Policy $TestDrive/site.yaml -Check LM041, LM046
        $report.Blockers.Id | Should -Be LM041
        ($report.Findings | Where-Object Id -EQ LM046).WaivedBecause | Should -Be 'more memory is on order (until 2999-12-31)'
        (Test-MigrationReadiness db1 -Destination b -Policy $TestDrive/site.yaml -Check LM046).Blockers.Id | Should -Be LM046
    }

    It 'tells what is wrong with a policy: <Says>' -ForEach @(
        @{ Yaml = 'severities: { LM999: blocker }'; Says = "'LM999' is not a known setting here" }
        @{ Yaml = 'severities: { LM046: huge }'; Says = 'information, warning, blocker' }
        @{ Yaml = 'thresholds: { memoryReserve: much }'; Says = 'a size such as 8GiB' }
        @{ Yaml = "waivers:`n  - check: LM046`n    reason: r"; Says = "'until' is missing" }
        @{ Yaml = "waivers:`n  - { check: LM046, reason: r, until: tomorrow }"; Says = 'a date such as 2026-12-31' }
    ) {
        Set-Content $TestDrive/wrong.yaml $Yaml
        { Test-MigrationReadiness web1 b -Policy $TestDrive/wrong.yaml } | Should -Throw "*$Says*" -ErrorId 'InvalidReadinessPolicy*'
    }

    It 'LM042: asks QEMU only when told to' {
        (Test-MigrationReadiness web1 b -Check LM042).Findings.Status | Should -Be Skipped
        (Test-MigrationReadiness db1 b -Check LM042 -AllowMonitor).Findings.Status | Should -Be Pass
    }

    It 'shows at a glance what is in the way' {
        $text = Test-MigrationReadiness web1 -Destination a -HostName a | Out-String
        $text | Should -Match 'web1: a -> a: .*not ready'
        $text | Should -Match 'LM004  Source and destination are different hosts'
        Test-MigrationReadiness web1 -Destination b | Format-Table | Out-String | Should -Match 'web1 +a +b +Ready'
    }
}

Describe 'Test-MigrationReadiness between QEMUs without libvirt' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'finds a twin ready, and the VM moves' {
        $old = Start-BareQemu | Connect-QemuProcess
        $new = $old | Start-QemuDestination -PathMap @{ "$bareFolder/web1" = "$bareFolder/new" }
        $report = $old | Test-MigrationReadiness -Destination $new
        $report.IsReady, $report.IsKnown, "$($report.Verdict)" | Should -Be $true, $true, Ready
        $report.Name, $report.Source, $report.SourceProcess.Name | Should -Be web1, "$($old.Address)", web1
        $old | Test-MigrationReadiness -Destination $new -Quiet | Should -BeTrue
        "$(($old | Start-VMLiveMigration -Destination $new).Verdict)" | Should -Be Moved
    }

    It 'finds what QEMU would refuse, for which nothing is begun unless that is skipped' {
        $old = Start-BareQemu -Options '-device', 'virtio-rng-pci,addr=5' | Connect-QemuProcess
        $new = Start-BareQemu -Name new -Incoming | Connect-QemuProcess -Name new
        $report = Test-MigrationReadiness -QemuProcess $old -Destination new
        $report.Blockers.Id | Should -Be LM201
        $report | Out-String | Should -Match 'LM201  Both QEMUs were started alike'
        (Test-MigrationReadiness -QemuProcess $old -Destination new -Check QemuStatesFit).Findings.Id | Should -Be LM204
        { $old | Start-VMLiveMigration -Destination $new -ErrorAction Stop } | Should -Throw '*LM201*virtio-rng-pci*' -ErrorId 'DeviceStateRejected*'
        ($new | Get-QemuProcess).State | Should -Be inmigrate
        $failed = $null
        $old | Start-VMLiveMigration -Destination $new -SkipReadiness LM201 -ErrorAction SilentlyContinue -ErrorVariable failed
        "$failed" | Should -Not -BeLike '*LM201*'
        $failed | Should -Not -BeNullOrEmpty
        ($old | Get-QemuProcess).State | Should -Be running
    }
}
