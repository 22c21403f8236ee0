BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Start-VMLiveMigration' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'M1 M3: moves all VMs of a host, shows how, and verifies' {
        $before = (Invoke-Lab ticks web1 | ConvertFrom-Json).last
        $other = Start-Shell 'Get-LibvirtDomain -Host a | Start-VMLiveMigration -Destination b'
        $results = Receive-Shell $other

        $results.Name | Sort-Object | Should -Be db1, web1
        $results.Outcome | Should -Be Completed, Completed
        $results.Verified | Where-Object IsTrue -EQ $false | Should -BeNullOrEmpty
        $results[0].Downtime | Should -BeGreaterThan 0
        Get-Home web1 | Should -Be b
        Get-Home db1 | Should -Be b
        $ticks = Invoke-Lab ticks web1 --since $before | ConvertFrom-Json
        $ticks.lost, $ticks.duplicated | Should -Be 0, 0

        $lines = $other.Shell.Streams.Progress | Group-Object ActivityId
        $lines | Should -HaveCount 3 -Because 'there is a line for each VM under one for both'
        ($lines.Group | Where-Object ParentActivityId -EQ 1).Activity | Sort-Object -Unique | Should -Be 'db1: a → b', 'web1: a → b'
        foreach ($line in $lines) {
            $line.Group[-1].RecordType | Should -Be Completed
            $percent = $line.Group.Where({ $_.RecordType -eq 'Processing' }).PercentComplete
            "$percent" | Should -Be "$($percent | Sort-Object)" -Because 'percent never runs back'
        }
    }

    It 'M3: tells what was asked for and what came of it, in a view and in JSON' {
        $result = Start-VMLiveMigration web1 b -Bandwidth 500MiB/s -MaxDowntime 400ms -Timeout 00:05:00 -StallTimeout (New-TimeSpan -Seconds 30)
        "$($result.Settings)" | Should -Be 'Bandwidth 500 MiB/s, MaxDowntime 400 ms, Timeout 00:05:00, StallTimeout 30 s'
        $result | Out-String | Should -Match 'a → b \(PeerToPeer, encrypted\)'
        $result | Format-Table | Out-String | Should -Match 'web1 +a +b +Completed'
        $json = $result | ConvertTo-Json -Depth 4 -EnumsAsStrings -WarningVariable cut
        $cut | Should -BeNullOrEmpty
        $back = $json | ConvertFrom-Json
        $back.Settings.Bandwidth.BytesPerSecond | Should -Be 500MB
        $back.Downtime.TotalMilliseconds | Should -Be $result.Downtime.TotalMilliseconds
        $back.Verified.What | Should -Be $result.Verified.What
        $json | Should -Not -Match '"(System|LiveMigration)\.'
    }

    It 'E2: encrypts memory and disks unless told not to, and says so' {
        (Start-VMLiveMigration web1 b -Tls Required -Parallel 2).Encrypted | Should -BeTrue
        $plain = Start-VMLiveMigration web1 a -Tls Off
        $plain.Encrypted | Should -BeFalse
        $plain | Out-String | Should -Match 'b → a \(PeerToPeer, unencrypted\)'
    }

    It 'E2: warns that memory travels in the clear, once for a pair of hosts' {
        $said = pwsh -NoProfile -NonInteractive -Command "
            Import-Module LiveMigration
            `$a, `$b = '$(Get-LabUri a)', '$(Get-LabUri b)'
            `$null = Start-VMLiveMigration web1 -HostName `$a -Destination `$b -Tls Off
            `$null = Start-VMLiveMigration web1 -HostName `$b -Destination `$a -Tls Off
            `$null = Start-VMLiveMigration web1 -HostName `$a -Destination `$b -Tls Off"
        $said -match 'unencrypted' | Should -HaveCount 2
        $said -match "unencrypted from $ipA to $ipB" | Should -HaveCount 1
    }

    It 'moves a VM there and back in one line' {
        (Start-VMLiveMigration web1 b | Start-VMLiveMigration -Destination a).Destination | Should -Be a
        Get-Home | Should -Be a
    }

    It 'can steer the migration itself, and rename the VM' {
        $result = Start-VMLiveMigration web1 b -Mode Direct -NewName web2
        "$($result.Mode)", $result.FinalName | Should -Be Direct, web2
        (Start-VMLiveMigration web2 a -NewName web1).FinalName | Should -Be web1
    }

    It 'moves nothing when <What>: <Id>' -ForEach @(
        @{ What = 'options contradict each other'; Id = 'ContradictingOptions'; With = @{ Parallel = 2; Compression = 'Xbzrle'; ZeroCopy = $true } }
        @{ What = 'the destination is the source'; Id = 'SameHost'; With = @{ Destination = 'a' } }
        @{ What = 'the destination is unknown'; Id = 'HostNotFound'; With = @{ Destination = 'qemu+tcp://no-such-host.invalid/system' } }
        @{ What = 'the destination is down'; Id = 'HostUnreachable'; With = @{ Destination = "qemu+tcp://${ipB}:1/system" } }
        @{ What = 'the name is mistyped'; Id = 'DomainNotFound'; With = @{ Name = 'wbe1' } }
        @{ What = 'it runs and only the definition is to move'; Id = 'DomainRunning'; With = @{ Offline = $true } }
        @{ What = 'the destination has a certificate for another name'; Id = 'CertificateRejected'; With = @{ TlsName = 'other.lab' } }
        @{ What = 'a mapping names no disk of it'; Id = 'InvalidMapping'; With = @{ DiskMap = @{ vdz = '/x' } } }
    ) {
        $parameters = @{ Name = 'web1'; HostName = 'a'; Destination = 'b' }
        foreach ($key in $With.Keys) { $parameters[$key] = $With[$key] }
        { Start-VMLiveMigration @parameters -ErrorAction Stop } | Should -Throw -ErrorId "$Id*"
        $error[0].CategoryInfo.Category | Should -Not -Be NotSpecified
        $error[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-VMLiveMigration | Should -BeNullOrEmpty
        Get-Home | Should -Be a
    }

    It 'names every contradiction' {
        { Start-VMLiveMigration web1 b -Parallel 2 -Compression Xbzrle -OnTimeout Abort } | Should -Throw '*-Compression Xbzrle*-OnTimeout*'
    }

    It 'refuses one VM and moves the other' {
        $moved = 'nope', 'db1' | Start-VMLiveMigration -Destination b -ErrorVariable problem -ErrorAction SilentlyContinue
        $moved.Name | Should -Be db1
        $problem.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'P1: with -WhatIf says what would happen, and moves nothing' {
        $said = & { Start-VMLiveMigration web1 b -WhatIf } *>&1 | Out-String
        $said | Should -BeNullOrEmpty -Because 'it is said to the host'
        $log = pwsh -NoProfile -Command "Import-Module LiveMigration; Start-VMLiveMigration web1 $(Get-LabUri b) -HostName $(Get-LabUri a) -WhatIf"
        "$log" | Should -BeLike "What if: Live-migrate 'web1' from $ipA to $ipB*"
        { Start-VMLiveMigration web1 a -HostName a -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'SameHost*' -Because 'it is really planned'
        Get-Home | Should -Be a
    }

    It 'M1: appends each event to a file that jq reads, and runs a script block for it' {
        $log, $seen = "$TestDrive/events.ndjson", [Collections.Generic.List[object]]::new()
        $result = Start-VMLiveMigration db1 b -EventLog $log -OnEvent { $seen.Add($_); throw 'so what' } -WarningVariable warnings -WarningAction Ignore
        $result.Outcome | Should -Be Completed
        $warnings.Message | Should -Contain '-OnEvent failed, and the migration continues: so what'
        $seen[0].Event, $seen[-1].Event, $seen[-1].Result.Transferred | Should -Be Started, Completed, $result.Transferred
        $lines = Get-Content $log | ConvertFrom-Json
        $lines[0].event, $lines[-1].event, $lines[-1].vm, $lines[-1].source, $lines[-1].destination | Should -Be started, completed, db1, a, b
        $lines.Count | Should -Be $seen.Count
        ($lines | Where-Object event -EQ progress).pass | Should -Contain 1
        if (Get-Command jq -ErrorAction Ignore) { jq -r 'select(.event == "completed") | .downtime_seconds * 1000 | round' $log | Should -Be ([math]::Round($result.Downtime.TotalMilliseconds)) }
    }

    It 'P1: runs as a job with a child for each VM' {
        $job = Get-LibvirtDomain -HostName a | Start-VMLiveMigration -Destination b -AsJob
        Get-Job $job.Id | Should -Be $job
        $job.ChildJobs.Name | Sort-Object | Should -Be db1, web1
        ($job | Wait-Job -Timeout 60).State | Should -Be Completed
        ($job | Receive-Job).Outcome | Should -Be Completed, Completed
        $job.HasMoreData | Should -BeFalse
        $job.ChildJobs[0].StatusMessage | Should -BeLike '*runs on b'
    }

    It 'P1: a job that fails tells why' {
        $job = Start-VMLiveMigration web1 b -Bandwidth 2MiB/s -Timeout 1s -AsJob
        ($job | Wait-Job -Timeout 60).State | Should -Be Failed
        { $job | Receive-Job -ErrorAction Stop } | Should -Throw -ErrorId Timeout*
        Get-Home | Should -Be a
    }

    It 'M2: a job that is stopped leaves the VM where it was' {
        $job = Start-SlowMigration
        Stop-Job $job
        $job.State | Should -Be Stopped
        Get-Home | Should -Be a
        $job.ChildJobs[0].Warning.Message[-1] | Should -BeLike '*stopped as requested. The domain is still on a: Running*'
    }

    It 'M4: a migration that takes too long is an error that knows all, and the VM runs at home' {
        $result = Start-VMLiveMigration web1 b -Bandwidth 2MiB/s -Timeout 1s -ErrorVariable problem -ErrorAction SilentlyContinue
        $result | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Timeout,*'
        $problem[0].CategoryInfo.Category | Should -Be OperationTimeout
        $problem[0].TargetObject | Should -BeOfType LiveMigration.Migration.MigrationResult
        Get-Home | Should -Be a
    }

    It 'M1: Ctrl+C aborts, and says where the VM runs' {
        $start = [Diagnostics.ProcessStartInfo]::new('pwsh', @('-NoProfile', '-Command', @"
            Import-Module LiveMigration
            Start-VMLiveMigration web1 -HostName $(Get-LabUri a) -Destination $(Get-LabUri b) -Bandwidth 2MiB/s
"@))
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        try {
            $null = Wait-Until { Get-VMLiveMigration web1 } -Seconds 60
            kill -INT $process.Id
            $said = Wait-Exit $process -Read
        }
        finally { if (-not $process.HasExited) { $process.Kill($true) } }

        $said | Should -Match "Stopping the migration of 'web1'"
        $said | Should -Match "stopped as requested\. The domain is still on ${ipA}: Running"
        $null = Wait-Until { -not (Get-VMLiveMigration) }
        Get-Home | Should -Be a
    }

    It 'M1: stopping the pipeline aborts, and returns when the VM is known to run at home' {
        $other = Start-Shell 'Start-VMLiveMigration web1, db1 -HostName a -Destination b -Bandwidth 2MiB/s -ThrottleLimit 1'
        $null = Wait-Until { Get-VMLiveMigration | Where-Object Phase -EQ Copying }
        $other.Shell.Stop()
        [LiveMigration.Migration.MigrationRuns]::Current | Should -BeNullOrEmpty
        Get-Home web1 | Should -Be a
        Get-Home db1 | Should -Be a
        $other.Shell.Streams.Progress[-1].RecordType | Should -Be Completed
    }

    It 'M1: in post-copy Ctrl+C lets the migration go on, which then can be found and not be aborted' {
        $other = Start-Shell 'Start-VMLiveMigration web1 -HostName a -Destination b -Bandwidth 20MiB/s -PostCopy -PostCopyBandwidth 8MiB/s'
        $run = Wait-Until { Get-VMLiveMigration web1 | Where-Object Percent -GE 50 }
        $null = $run | Switch-VMLiveMigration
        $null = Wait-Until { $run.IsPostCopy }
        $other.Shell.Stop()
        $run = Get-VMLiveMigration web1
        $run.IsForeign | Should -BeTrue
        $null = Wait-Until { $run.IsPostCopy }
        { $run | Stop-VMLiveMigration -ErrorAction Stop } | Should -Throw -ErrorId 'CannotAbortPostCopy*'
        ($run | Wait-VMLiveMigration).Outcome | Should -Be Completed
        Get-Home | Should -Be b
    }

    It 'P2: goes on when the module is removed, and says so' {
        $job = Start-SlowMigration
        $other = Start-Shell 'Remove-Module LiveMigration; Import-Module LiveMigration; Import-Module LiveMigration -Force; (Get-VMLiveMigration web1).Source'
        Receive-Shell $other | Should -Be a
        "$($other.Shell.Streams.Warning)" | Should -BeLike '*web1: a → b*continues*'
        $job.State | Should -Be Running
    }

    It 'reads units as they are typed at a prompt' {
        $null = Start-VMLiveMigration web1 -HostName a -Destination b -Bandwidth 2MB -MaxDowntime 1.5s -Timeout 5min -StallTimeout 90s -AsJob
        "$((Get-VMLiveMigration).Options)" | Should -Be 'Bandwidth 1.9 MiB/s, MaxDowntime 1.5 s, Timeout 00:05:00, StallTimeout 90 s'
    }

    It 'reads -<Name> <Value> as <As>' -ForEach @(
        @{ Name = 'Bandwidth'; Value = '500MiB/s'; As = '500 MiB/s' }
        @{ Name = 'Bandwidth'; Value = 500; As = '500 MiB/s' }
        @{ Name = 'Bandwidth'; Value = '4Gbit/s'; As = '476.8 MiB/s' }
        @{ Name = 'Bandwidth'; Value = 'max'; As = 'max' }
        @{ Name = 'MaxDowntime'; Value = '300ms'; As = '300 ms' }
        @{ Name = 'Timeout'; Value = 300; As = '00:05:00' }
        @{ Name = 'Timeout'; Value = 5s; As = '5 s' }
        @{ Name = 'Timeout'; Value = '00:05:00'; As = '00:05:00' }
        @{ Name = 'Timeout'; Value = [timespan]::FromSeconds(5); As = '5 s' }
        @{ Name = 'XbzrleCache'; Value = 128MB; As = '128 MiB' }
    ) {
        $transformation = (Get-Command Start-VMLiveMigration).Parameters[$Name].Attributes.Where({ $_ -is [Management.Automation.ArgumentTransformationAttribute] })
        "$($transformation.Transform($ExecutionContext, $Value))" | Should -Be $As
    }

    It 'does not guess what a number was that PowerShell made of 512MB or 5s' {
        $rate, $time = 512MB, 5s
        { Start-VMLiveMigration web1 b -Bandwidth $rate -WhatIf } | Should -Throw '*Write the unit*'
        { Start-VMLiveMigration web1 b -MaxDowntime $time -WhatIf } | Should -Throw '*has no unit*'
    }

    It 'explains a unit that there is not' {
        { Start-VMLiveMigration web1 b -Bandwidth 5furlongs } | Should -Throw "*'5furlongs' is not a bandwidth. Write it as*"
    }

    It 'V3: several VMs at once keep to one bandwidth, whoever gets done first having most of it' {
        Invoke-Lab guest cache1 a memory=96 ws=16 rate=1
        try {
            $job = Start-VMLiveMigration web1, db1, cache1 b -HostName a -Bandwidth 16MiB/s -ThrottleLimit 3 -AsJob
            # One has most of it, another the least; what the first cannot use is the next one's.
            $null = Wait-Until -Seconds 60 {
                if ($job.State -ne 'Running') { throw "over before three were seen under way: $($job.StatusMessage)" }
                $limits = @(Get-VMLiveMigration | Where-Object Phase -EQ Copying | ForEach-Object { $_.Bandwidth / 1MB } | Sort-Object)
                $limits.Count -eq 3 -and $limits[0] -eq 1 -and $limits[2] -ge 10
            }
            ($job | Wait-Job -Timeout 120).State | Should -Be Completed
            $results = $job | Receive-Job
            $results | Should -HaveCount 3
            $begin = ($results.StartTime | Measure-Object -Minimum).Minimum
            $end = ($results | ForEach-Object { $_.StartTime + $_.TotalTime } | Measure-Object -Maximum).Maximum
            ($results | ForEach-Object { $_.Transferred } | Measure-Object -Sum).Sum / 1MB / ($end - $begin).TotalSeconds | Should -BeLessOrEqual 17.6
            'web1', 'db1', 'cache1' | ForEach-Object { Get-Home $_ | Should -Be b }
        }
        finally { Invoke-Lab guest-remove cache1 }
    }

    Context 'with -Policy' {
        It 'T5: proxmox lets a VM through that does not get done by itself' {
            Invoke-Lab guest busy1 a memory=192 ws=64 rate=60
            try {
                $result = Start-VMLiveMigration busy1 b -Bandwidth 20MiB/s -Policy proxmox -WarningVariable said -WarningAction SilentlyContinue
                $result.Outcome | Should -Be Completed
                $result.Settings.AutoConverge | Should -BeTrue
                "$said" | Should -Match 'downtime' -Because 'what the policy does is said'
                Get-Home busy1 | Should -Be b
            }
            finally {
                Invoke-Lab guest-remove busy1
            }
        }

        It 'T5: adaptive raises the downtime once, to what the VM needs' {
            Invoke-Lab guest busy2 a memory=192 ws=32 rate=120
            try {
                $result = Start-VMLiveMigration busy2 b -Bandwidth 30MiB/s -MaxDowntime 2.5s -Policy adaptive -WarningVariable said -WarningAction SilentlyContinue
                $result.Outcome | Should -Be Completed
                $result.Notices | Should -HaveCount 2
                $result.Notices[1] | Should -Match '300 ms the migration never ends: .* With \S+ m?s it ends in about' -Because 'it says why'
                $result.Iterations | Should -BeLessThan 12 -Because 'it is known after three passes'
                Get-Home busy2 | Should -Be b
            }
            finally {
                Invoke-Lab guest-remove busy2
            }
        }

        It 'T5: a file decides, for each VM by itself, in a job too' {
            $file = Join-Path $TestDrive soon.yaml
            Set-Content $file "name: soon`ndowntime: 10ms`ntimeout: { after: 3s }"
            $job = Start-VMLiveMigration web1, db1 b -HostName a -Bandwidth 2MiB/s -Policy $file -ThrottleLimit 1 -AsJob
            ($job | Wait-Job -Timeout 60).State | Should -Be Failed
            $job | Receive-Job -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problem | Should -HaveCount 2
            $problem.FullyQualifiedErrorId | Should -BeLike 'Timeout*'
            "$problem" | Should -BeLike "*policy 'soon'*"
            Get-Home | Should -Be a
        }

        It 'T5: what is asked for wins over the policy' {
            $file = Join-Path $TestDrive slow.yaml
            Set-Content $file "name: slow`nbandwidth: 2MiB/s`ndowntime: 50ms`ntimeout: { after: 2s }"
            $result = Start-VMLiveMigration web1 b -Bandwidth max -MaxDowntime 1s -Timeout 60s -Policy $file
            $result.Outcome | Should -Be Completed
            "$($result.Settings.MaxDowntime)" | Should -Be '1 s'
        }

        It 'T5: takes a policy itself' {
            $policy = [LiveMigration.Monitoring.Policies.BuiltInPolicies]::Nova
            $result = Start-VMLiveMigration web1 b -Policy $policy
            $result.Outcome | Should -Be Completed
        }

        It 'T5: a file with mistakes moves nothing, and each is said with line and column' {
            $file = Join-Path $TestDrive bad.yaml
            Set-Content $file "name: bad`nautoConverg: true`nbandwidth: fast"
            { Start-VMLiveMigration web1 b -Policy $file } | Should -Throw "*bad.yaml*2*1*autoConverg*3*12*" -ErrorId 'InvalidPolicy*'
            Get-VMLiveMigration | Should -BeNullOrEmpty
            Get-Home | Should -Be a
        }

        It 'T5: a nova.conf is a policy' {
            $file = Join-Path $TestDrive nova.conf
            Set-Content $file "[libvirt]`nlive_migration_downtime = 800`nlive_migration_bandwidth = 200"
            $result = Start-VMLiveMigration web1 b -Policy $file
            "$($result.Settings.Bandwidth)" | Should -Be '200 MiB/s'
        }

        It 'says so when there is no such policy, and what may be meant' {
            { Start-VMLiveMigration web1 b -Policy proxmx } | Should -Throw "*'proxmox'?*" -ErrorId 'PolicyNotFound*'
        }

        It 'completes the policies that are built in' {
            $line = 'Start-VMLiveMigration web1 -Policy ov'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain ovirt-post-copy
        }
    }
}
