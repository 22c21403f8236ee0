BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'New-EvacuationPlan' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V2: tells where each VM goes, when, and how long it takes' {
        $plan = New-EvacuationPlan a -Bandwidth 100MiB/s -MaxOutgoing 1 -MeasureDirtyRate 1s
        $plan.Sources | Should -Be a
        $plan.Moves.Domain.Name | Sort-Object | Should -Be db1, web1
        $plan.Moves.Destination | Should -Be b, b
        $plan.Moves.Wave | Should -Be 1, 2
        $plan.Moves[1].Start | Should -Be $plan.Moves[0].End
        $plan.Moves[0].Domain.DirtyRate | Should -BeGreaterThan 0
        # 128 MiB each.
        $plan.Makespan.TotalSeconds | Should -BeGreaterOrEqual 2.56
        $plan.Makespan | Should -BeGreaterOrEqual $plan.LowerBound
        $plan.Unmovable | Should -BeNullOrEmpty
        $plan | Out-String | Should -Match '(?s)Empties : a.*\+0 ms.*: a → b'
        $plan.Moves | Out-String | Should -Match 'web1 +a +b'
        Get-Home web1 | Should -Be a
        Get-Home db1 | Should -Be a
    }

    It 'V2: tells what stays, why, and what would change that' {
        $plan = Get-LibvirtHost a | New-EvacuationPlan -Destination b -Headroom 99
        $plan.Moves | Should -BeNullOrEmpty
        $plan.Unmovable.Domain.Name | Sort-Object | Should -Be db1, web1
        $plan.Unmovable[0].Reason | Should -Match '^b: .* of memory available for guests, 128 MiB required$'
        $plan.Unmovable[0].Remedy | Should -Match '^Free .* on b'
        $plan | Out-String | Should -Match 'Stays +: db1: b: '
    }

    It 'V1: keeps to what a file tells of links, hosts and VMs' {
        Set-Content "$TestDrive/fleet.yaml" @'
links:
  - { link: line, bandwidth: 10MiB/s, maxMigrations: 1 }
hosts:
  - { host: b, links: [line], maxIncoming: 3 }
vms:
  - { vm: db*, stays: it is being backed up }
  - { vm: nobody, priority: 1 }
'@
        $plan = New-EvacuationPlan a -Destination b -Fleet "$TestDrive/fleet.yaml" -OutFile "$TestDrive/plan.yaml" -Verbose 4>&1 |
            ForEach-Object { if ($_ -is [System.Management.Automation.VerboseRecord]) { $said += "$_" } else { $_ } }
        $plan.Moves.Domain.Name | Should -Be web1
        # 128 MiB over 10 MiB/s.
        $plan.Makespan.TotalSeconds | Should -BeGreaterOrEqual 12.8
        "$($plan.Unmovable)" | Should -Be 'db1: it is being backed up'
        $said | Should -Match "'nobody' matches none"
        Get-Content "$TestDrive/plan.yaml" -Raw | Should -Match 'links:\s+- \{link: line, bandwidth: 10MiB/s, maxMigrations: 1\}'

        Set-Content "$TestDrive/fleet.yaml" 'hosts: [{ host: b, links: [lime] }]'
        { New-EvacuationPlan a -Destination b -Fleet "$TestDrive/fleet.yaml" } | Should -Throw "*fleet.yaml:1:*'lime' matches none or several*"
        { New-EvacuationPlan a -Destination b -Fleet "$TestDrive/none.yaml" } | Should -Throw -ErrorId 'FleetNotReadable*'
    }

    It 'V2: asks each destination whether it takes the VM at all' {
        Invoke-Lab virsh a suspend db1
        try {
            # A namesake at b that is another VM.
            $xml = (Invoke-Lab virsh a dumpxml db1) -join "`n" -replace '<uuid>.*</uuid>' -replace "<domain type='qemu' id='\d+'", "<domain type='qemu'"
            Set-Content "$TestDrive/db1.xml" $xml
            Invoke-Lab virsh b define "$TestDrive/db1.xml"
            $plan = New-EvacuationPlan a b
            $plan.Moves.Domain.Name | Should -Be web1
            "$($plan.Unmovable)" | Should -BeLike "db1: b: *'db1'*"
        }
        finally {
            Invoke-Lab virsh b undefine db1
            Invoke-Lab virsh a resume db1
        }
    }

    It 'V2: asks each destination whether it is ready, but for what is skipped' {
        Invoke-Lab guest net4 a nic=network ws=16 rate=4
        try {
            Invoke-Lab virsh b net-destroy virtual
            $stays = (New-EvacuationPlan a -Destination b).Unmovable
            $stays.Domain.Name | Should -Be net4
            $stays.Reason | Should -Match "^b: LM075 .*'virtual' is not active on b.*\(.*net-start virtual"
            (New-EvacuationPlan a -Destination b -SkipReadiness LM075).Unmovable | Should -BeNullOrEmpty
            { New-EvacuationPlan a -Destination b -SkipReadiness LM999 } | Should -Throw -ErrorId 'CheckNotFound*'
        }
        finally {
            Invoke-Lab virsh b net-start virtual
            Invoke-Lab guest-remove net4
        }
    }

    It 'refuses what it cannot plan' {
        { New-EvacuationPlan nowhere.invalid -Destination b -ErrorAction Stop } | Should -Throw -ErrorId 'HostNotFound*'
        { New-EvacuationPlan a -Bandwidth fast } | Should -Throw "*'fast' is not a bandwidth*"
    }

    It 'V2: with no other host there is nowhere to go' {
        Disconnect-LibvirtHost b
        (New-EvacuationPlan a).Unmovable[0].Reason | Should -Be 'there is no destination host'
    }
}
