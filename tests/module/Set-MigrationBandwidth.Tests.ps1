BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Set-MigrationBandwidth' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        function Get-Sent { Invoke-Lab link a counters | ConvertFrom-Json }
    }
    BeforeEach {
        Reset-Lab
        Set-MigrationBandwidth web1, db1 max
        Set-MigrationBandwidth web1, db1 max -PostCopy
    }
    AfterAll { if (-not $NoLab) { Reset-Lab; Set-MigrationBandwidth web1, db1 max } }

    It 'T1: a limit set beforehand is obeyed' {
        "$((Set-MigrationBandwidth web1 20MiB/s -PassThru).Limit)" | Should -Be 20MB
        $result = Start-VMLiveMigration web1 b
        $result.Outcome | Should -Be Completed
        $result.MeanRate | Should -BeLessThan 22MB
    }

    It 'T1: a limit set while the VM moves is obeyed at once, and can be lifted' {
        $job = Start-SlowMigration
        "$((Set-MigrationBandwidth web1 8 -PassThru).Limit)" | Should -Be 8MB
        Start-Sleep -Seconds 1
        $before = Get-Sent
        Start-Sleep -Seconds 3
        $after = Get-Sent
        $rate = ($after.txBytes - $before.txBytes) / ($after.time - $before.time)
        $rate | Should -BeGreaterThan 7MB
        $rate | Should -BeLessThan 9MB
        Set-MigrationBandwidth web1 max
        ($job | Wait-Job -Timeout 30).State | Should -Be Completed
        Get-Home | Should -Be b
    }

    It 'T1: <_> is no limit' -ForEach 0, '0', 'max' {
        Set-MigrationBandwidth web1 30
        $set = Set-MigrationBandwidth web1 $_ -PassThru
        $set.Name | Should -Be web1
        $set.Limit | Should -Be $null
    }

    It 'T1: sets all VMs that are piped' {
        $set = Get-LibvirtDomain web1, db1 -HostName a | Set-MigrationBandwidth -Bandwidth 64MiB/s -PassThru
        $set.Limit | Should -Be 64MB, 64MB
    }

    It 'T1: the limit for post-copy is another one' {
        $set = Set-MigrationBandwidth web1 70MiB/s -PostCopy -PassThru
        $set.PostCopyLimit | Should -Be 70MB
        $set.Limit | Should -Be $null
    }

    It 'refuses <_>' -ForEach '-5', 'fast', '99999999999999' {
        { Set-MigrationBandwidth web1 $_ } | Should -Throw '*bandwidth*' -ErrorId 'ParameterArgumentTransformationError*'
    }

    It 'refuses a VM that does not run' {
        Invoke-Lab guest off1 a start=0
        try { { Set-MigrationBandwidth off1 20 -ErrorAction Stop } | Should -Throw "*'off1' is not running*" -ErrorId 'DomainNotRunning*' }
        finally { Invoke-Lab guest-remove off1 }
    }

    It 'P1: sets nothing with -WhatIf' {
        Set-MigrationBandwidth web1 5 -WhatIf
        (Get-MigrationBandwidth web1).Limit | Should -Be $null
    }

    It 'a VM that there is not does not hold up the others' {
        $set = 'nope', 'db1' | Set-MigrationBandwidth -Bandwidth 64 -PassThru -ErrorVariable problem -ErrorAction SilentlyContinue
        $set.Name | Should -Be db1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DomainNotFound,*'
    }
}

Describe 'Set-MigrationBandwidth between QEMUs' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'limits a migration by the VM''s name, and from the pipeline' {
        $old, $new = (Start-BareQemu | Connect-QemuProcess), (Start-BareQemu new -Incoming | Connect-QemuProcess)
        $job = $old | Start-VMLiveMigration -Destination $new -Bandwidth 20KiB/s -AsJob
        $run = Wait-Until { Get-VMLiveMigration web1 | Where-Object Phase -EQ Copying }
        (Get-MigrationBandwidth web1).Limit | Should -Be 20KB
        Set-MigrationBandwidth web1 1MiB/s -WhatIf
        (Set-MigrationBandwidth web1 30KiB/s -PassThru).Limit | Should -Be 30KB
        ($run | Set-MigrationBandwidth -Bandwidth 40KiB/s -PassThru).Limit | Should -Be 40KB
        ($run | Set-MigrationBandwidth -Bandwidth 5MiB/s -PostCopy -PassThru).PostCopyLimit | Should -Be 5MB
        (Set-MigrationDowntime web1 700ms -PassThru).Limit.TotalMilliseconds | Should -Be 700
        ($run | Get-MigrationDowntime).Limit.TotalMilliseconds | Should -Be 700
        { $run | Set-MigrationDowntime -MaxDowntime 2001s -ErrorAction Stop } | Should -Throw -ErrorId 'OutOfRange*'
        { $run | Get-MigrationParameter -ErrorAction Stop } | Should -Throw '*without libvirt*' -ErrorId 'NotSupported*'
        Set-MigrationBandwidth web1 max
        ($job | Wait-Job -Timeout 60).State | Should -Be Completed
        { $run | Set-MigrationBandwidth -Bandwidth 1MiB/s -ErrorAction Stop } | Should -Throw '*has ended*' -ErrorId 'NoMigration*'
    }
}
