# The runbooks in samples/ as a timer would run them: a process each, judged by its exit code and its JSON.
BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'samples/runbooks' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        Reset-Lab
        # What other tests have left on its way is not this test's.
        $state = $env:XDG_STATE_HOME
        $env:XDG_STATE_HOME = "$TestDrive/state"
        $a, $b = 'a', 'b' | ForEach-Object { Get-LabUri $_ }

        function Invoke-Runbook([string] $Name, [string[]] $Arguments) {
            $said = pwsh -NoProfile -File "$PSScriptRoot/../../samples/runbooks/$Name.ps1" @Arguments 2>&1 | Out-String
            [pscustomobject]@{ Code = $LASTEXITCODE; Said = $said; Summary = (Test-Path $TestDrive/summary.json) ? (Get-Content $TestDrive/summary.json -Raw | ConvertFrom-Json) : $null }
        }
    }

    BeforeEach { Remove-Item $TestDrive/summary.json -ErrorAction Ignore }

    AfterAll {
        $env:XDG_STATE_HOME = $state
        # Their daemons were restarted.
        if (-not $NoLab) { Disconnect-LibvirtHost a, b }
    }

    It 'V5: Start-NightlyDrain -WhatIf draws the plan, and moves nothing' {
        $run = Invoke-Runbook Start-NightlyDrain $a, $b, -Summary, $TestDrive/summary.json, -WhatIf
        $run.Said | Should -Match '(?s)Evacuate .*: 2 VMs.*web1: .*\|[ =]{40}\|'
        $run.Code | Should -Be 0
        $run.Summary | Should -BeNullOrEmpty
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
    }

    It 'V5: Start-NightlyDrain leaves what does not get done in its window, and ends with 1' {
        $run = Invoke-Runbook Start-NightlyDrain $a, $b, -Window, 00:00:20, -Bandwidth, 2MiB/s, -Summary, $TestDrive/summary.json
        $run.Code | Should -Be 1 -Because $run.Said
        $run.Summary.moved | Should -Be 0
        $run.Summary.vms.fault | Should -Contain DeadlineMissed
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
    }

    It 'V4: Invoke-PatchAndReturn empties the host, has it patched, and brings its VMs home' {
        # The patch: libvirt's daemon goes down and comes back.
        Set-Content $TestDrive/patch "#!/bin/sh`n[ -z `"`$('$lab' virsh a -q list --name)`" ] && touch $TestDrive/empty`n'$lab' daemon a restart >/dev/null"
        chmod +x $TestDrive/patch
        $run = Invoke-Runbook Invoke-PatchAndReturn $a, $b, -Hook, $TestDrive/patch, -Summary, $TestDrive/summary.json
        $run.Code | Should -Be 0 -Because $run.Said
        "$TestDrive/empty" | Should -Exist -Because 'nothing is patched while a VM is left'
        $run.Summary.patched | Should -BeTrue
        $run.Summary.out.moved, $run.Summary.home.moved | Should -Be 2, 2
        $run.Summary.home.isReturn | Should -BeTrue
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
    }

    It 'V6: Invoke-RollingPatch has each host empty once, and all VMs home in the end' {
        Set-Content $TestDrive/rolling "#!/bin/sh`ncase `$1 in *.11) host=a ;; *) host=b ;; esac`n[ -z `"`$('$lab' virsh `$host -q list --name)`" ] || exit 1`necho `$host >>'$TestDrive/rolled'`n'$lab' daemon `$host restart >/dev/null"
        chmod +x $TestDrive/rolling
        $null = Start-VMLiveMigration db1 -Destination b
        $run = Invoke-Runbook Invoke-RollingPatch "$a,$b", -Hook, $TestDrive/rolling, -Summary, $TestDrive/summary.json
        $run.Code | Should -Be 0 -Because $run.Said
        $run.Summary.host.Count | Should -Be 2
        $run.Summary.patched | Should -Be $true, $true
        Get-Content $TestDrive/rolled | Should -Be a, b
        Get-Home web1 | Should -Be a
        Get-Home db1 | Should -Be b
        (Get-LibvirtHost a, b).Maintenance | Where-Object { $_ } | Should -BeNullOrEmpty
        $null = Start-VMLiveMigration db1 -Destination a
    }

    It 'V5: Start-NightlyDrain empties the host, ends with 0, and tells all as JSON' {
        $run = Invoke-Runbook Start-NightlyDrain $a, $b, -Summary, $TestDrive/summary.json
        $run.Code | Should -Be 0 -Because $run.Said
        $run.Summary.state | Should -Be Completed
        $run.Summary.moved | Should -Be 2
        $run.Summary.vms.name | Sort-Object | Should -Be db1, web1
        $run.Summary.vms[0].downtimeMs | Should -BeGreaterThan 0
        ($run.Summary.vms.bytes | Measure-Object -Sum).Sum | Should -Be $run.Summary.bytes
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be b }
    }

    It 'V8: Invoke-NightlyBalance packs the VMs onto one host, names the other, and has nothing left to move' {
        $null = Get-LibvirtDomain web1, db1 | Where-Object HostName -EQ b | Start-VMLiveMigration -Destination a
        $null = Start-VMLiveMigration db1 -Destination b
        $how = "$a,$b", '-Goal', 'Pack', '-Keep', 0, '-Duration', '00:00:02', '-Summary', "$TestDrive/summary.json"
        $run = Invoke-Runbook Invoke-NightlyBalance ($how + "-WhatIf")
        $run.Code | Should -Be 0 -Because $run.Said
        $run.Summary | Should -BeNullOrEmpty
        Get-Home db1 | Should -Be b -Because '-WhatIf moves nothing'

        $run = Invoke-Runbook Invoke-NightlyBalance $how
        $run.Code | Should -Be 0 -Because $run.Said
        $run.Summary.run.moved, @($run.Summary.emptied).Count | Should -Be 1, 1
        $run.Summary.why[0].reason | Should -Match 'is emptied'
        Get-Home db1 | Should -Be (Get-Home web1)

        $run = Invoke-Runbook Invoke-NightlyBalance $how
        $run.Code | Should -Be 0 -Because $run.Said
        $run.Summary.run | Should -BeNullOrEmpty
    }

    It 'V5: a runbook leaves the shell that called it open, with its exit code' {
        $said = pwsh -NoProfile -Command "& '$PSScriptRoot/../../samples/runbooks/Start-NightlyDrain.ps1' '$a' '$b' -Summary '$TestDrive/summary.json' -WhatIf; `"still here, after `$LASTEXITCODE`"" | Out-String
        $said | Should -Match 'still here, after 0'
    }

    It 'V5: a runbook that cannot begin ends with 3, says why, and leaves no summary' {
        Set-Content $TestDrive/summary.json '{ "of": "another night" }'
        $run = Invoke-Runbook Start-NightlyDrain 'qemu+tcp://127.0.0.1:9/system', $b, -Summary, $TestDrive/summary.json
        $run.Code | Should -Be 3
        $run.Said | Should -Match 'The drain of qemu\+tcp://127.0.0.1:9/system failed: '
        $run.Summary | Should -BeNullOrEmpty
    }
}
