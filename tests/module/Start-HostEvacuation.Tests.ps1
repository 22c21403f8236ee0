BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Start-HostEvacuation' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V1, V3: empties a host, with a result for each VM and one for all' {
        $results = Start-HostEvacuation a -Destination b -Bandwidth 100MiB/s
        $results[0..1].Name | Sort-Object | Should -Be db1, web1
        $results[0..1].State | Should -Be Moved, Moved
        $results[0..1].Destination | Should -Be b, b
        $results[0].Downtime.TotalMilliseconds | Should -BeGreaterThan 0
        $results[0].PlannedTime.TotalMilliseconds | Should -BeGreaterThan 0
        $results[2].IsComplete | Should -BeTrue
        $results[2].State | Should -Be Completed
        $results[2].Transferred | Should -Be ($results[0].Transferred + $results[1].Transferred)
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be b }
        $results[0..1] | Out-String | Should -Match 'web1 +a +b +Moved +1'
        $results[2] | Out-String | Should -Match '(?s)VMs +: 2 of 2 moved.*Time.*planned'
    }

    It 'V2: -WhatIf draws the plan and moves nothing' {
        $before = @(Get-HostEvacuation).Count
        $drawn = pwsh -NoProfile -Command "
            Import-Module LiveMigration
            'a', 'b' | ForEach-Object { `$null = Connect-LibvirtHost (@{ a = '$(Get-LabUri a)'; b = '$(Get-LabUri b)' }[`$_]) -Name `$_ }
            Start-HostEvacuation a -Destination b -WhatIf" | Out-String
        $drawn | Should -Match '(?s)Evacuate a: 2 VMs.*web1: a → b +\|[ =]{40}\|'
        @(Get-HostEvacuation).Count | Should -Be $before
        Get-Home | Should -Be a
    }

    It 'V5: a plan is a file that a person edits, and a changed world is told' {
        $file = "$TestDrive/plan.yaml"
        $plan = New-EvacuationPlan a -Destination b -Canary 1 -MaxFailures 3 -MaxDowntime 700ms -Compression None -OutFile $file
        $text = Get-Content $file -Raw
        $text | Should -Match '(?s)evacuate: \[a\].*canary: 1.*moves:.*vm: web1'
        # Another VM has left meanwhile, and one has a line in the plan no more.
        $null = Start-VMLiveMigration web1 -Destination b
        $text | Should -Match 'compression: none'
        $done = Start-HostEvacuation -Plan $file -WarningVariable warnings -WarningAction Ignore
        $warnings.Message | Should -Contain "Changed since the plan was made: 'web1' is already on b, not on a."
        $done[0].Name | Should -Be db1
        $done[-1].Domains.Count | Should -Be 1

        Set-Content $file ($text -replace 'canary: 1', 'canary: one' -replace 'to: b', 'too: b')
        $problem = { Start-HostEvacuation -Plan $file } | Should -Throw -PassThru
        "$problem" | Should -Match "plan.yaml.*canary: expected an integer, not 'one'"
        "$problem" | Should -Match "'too' is not a known setting here"
        Set-Content $file ($text -replace 'compression: none', 'compression: mt')
        { Start-HostEvacuation -Plan $file } | Should -Throw '*None or Xbzrle, not Mt*' -ErrorId 'InvalidEvacuation*'
        { Start-HostEvacuation -Plan "$TestDrive/none.yaml" } | Should -Throw -ErrorId 'PlanNotReadable*'
        { $plan | Start-HostEvacuation -Deadline '2001-01-01' } | Should -Throw '*has passed*'
    }

    It 'V1: one line between hosts is not passed by more than a file says' {
        Set-Content "$TestDrive/fleet.yaml" @'
links:
  - { link: line, bandwidth: 40MiB/s, maxMigrations: 1 }
hosts:
  - { host: a, links: [line] }
'@
        $done = Start-HostEvacuation a -Destination b -Fleet "$TestDrive/fleet.yaml" | Select-Object -Last 1
        $done.Moved | Should -Be 2
        $first, $second = $done.Domains.Tries | Sort-Object StartTime
        $second.StartTime | Should -BeGreaterOrEqual $first.EndTime
        $rates = $done.Domains.Tries.Rate | ForEach-Object { $_ / 1MB }
        $rates | Should -HaveCount 2
        $rates | ForEach-Object { $_ | Should -BeGreaterThan 0; $_ | Should -BeLessOrEqual 44 }
        $told = Get-HostEvacuation $done.Id
        $told.Plan.Description.Links.Name | Should -Be line
        $told | Export-MigrationReport "$TestDrive/run.html"
        Get-Content "$TestDrive/run.html" -Raw | Should -Match '>line</text>(?s).*Limit: 40 MiB/s'
    }

    It 'V3: a VM that cannot go is an error, and the others go' {
        Invoke-Lab virsh a suspend db1
        try {
            # A namesake that is another VM appears after the plan was made.
            $plan = New-EvacuationPlan a -Destination b
            $xml = (Invoke-Lab virsh a dumpxml db1) -join "`n" -replace '<uuid>.*</uuid>' -replace "<domain type='qemu' id='\d+'", "<domain type='qemu'"
            Set-Content "$TestDrive/db1.xml" $xml
            Invoke-Lab virsh b define "$TestDrive/db1.xml"
            $results = $plan | Start-HostEvacuation -Attempts 2 -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction Ignore
            $failed.Count | Should -Be 1
            $failed[0].TargetObject.Name | Should -Be db1
            # A VM is a result or an error, never both.
            $failed[0].TargetObject.Attempts | Should -Be 2
            $results[0..($results.Count - 2)].Name | Should -Be web1
            $results[-1].Moved | Should -Be 1
            $results[-1].Stayed | Should -Be 1
        }
        finally {
            Invoke-Lab virsh b undefine db1
            Invoke-Lab virsh a resume db1
        }
    }

    It 'V3: a deadline that cannot be kept leaves the VM where it is' {
        $results = Start-HostEvacuation a -Destination b -Bandwidth 2MiB/s -Deadline ([datetime]::Now.AddSeconds(5)) -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction Ignore
        $failed.TargetObject.State | Should -Be Stayed, Stayed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'DeadlineMissed,*'
        $results.Domains.Fault.Id | Should -Be DeadlineMissed, DeadlineMissed
        Get-Home | Should -Be a
    }
}
