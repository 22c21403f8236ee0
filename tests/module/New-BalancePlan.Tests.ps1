BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

# The lab's hosts are one machine: their limits of CPU are out of the way, and its guests are small beside its memory.
Describe 'New-BalancePlan' -Skip:([bool]$NoLab) {
    BeforeAll {
        . $PSScriptRoot/Lab.ps1
        $small = @{ Duration = '2s'; Threshold = 0.003; MaxCpu = 1000; CpuWeight = 0.01 }
    }
    BeforeEach { Reset-Lab }

    It 'V8: a hot host gives a VM away, the imbalance falls, a second run moves nothing, and the way back works' {
        $before = (Get-FleetBalance a, b -Duration 1s).Parts.Memory
        $file = "$TestDrive/balance.yaml"
        $plan = New-BalancePlan a, b @small -OutFile $file
        $plan.Goal, $plan.Sources, $plan.Moves.Count | Should -Be Balance, a, 1
        $plan.Moves[0].Reason | Should -Match '^The (memory|CPU) share of a falls from \d+ % to \d+ %, and that of b rises from \d+ % to \d+ %\.$'
        $plan.ImbalanceAfter | Should -BeLessThan $plan.ImbalanceBefore
        $plan | Out-String -Width 80 | Should -Match '(?s)Goal +: Balance.*Imbalance : 0\.\d+, then 0(\.\d+)?.*Why '
        Get-Home $plan.Moves[0].Domain.Name | Should -Be a -Because 'nothing moves before the plan is carried out'

        $done = @(Start-HostEvacuation -Plan $file)[-1]
        $done.State, $done.Moved, $done.Plan.Goal | Should -Be Completed, 1, Balance
        $done.Plan.Moves[0].Reason | Should -Be $plan.Moves[0].Reason
        (Get-FleetBalance a, b -Duration 1s).Parts.Memory | Should -BeLessThan $before
        (New-BalancePlan a, b @small).Moves | Should -BeNullOrEmpty

        $back = @(Restore-VMPlacement $done.Id)[-1]
        $back.State | Should -Be Completed
        'web1', 'db1' | ForEach-Object { Get-Home $_ | Should -Be a }
    }

    It 'V8: packs VMs onto one host and names the one that it empties; what may not move is named' {
        $null = Start-VMLiveMigration db1 b
        $plan = New-BalancePlan a, b -Goal Pack @small
        $plan.Emptied | Should -HaveCount 1
        $plan.Moves.Reason | Should -Match "^$($plan.Emptied) is emptied; "
        Set-Content "$TestDrive/fleet.yaml" 'vms: [{ vm: "*", stays: it is being backed up }]'
        $none = New-BalancePlan a, b -Goal Pack @small -Fleet "$TestDrive/fleet.yaml"
        $none.Moves | Should -BeNullOrEmpty
        "$($none.Unmovable)" | Should -Match 'db1: it is being backed up'
        (New-BalancePlan a, b -Goal Spread @small).Moves | Should -BeNullOrEmpty
    }

    It 'V8: without one of its hosts no plan is made' {
        New-BalancePlan a, 'qemu+tcp://127.0.0.1:9/system' @small -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed | Should -HaveCount 1
    }

    It 'takes a second word for no goal: b is a host, and no short form of Balance' {
        { New-BalancePlan a b @small } | Should -Throw -ErrorId 'PositionalParameterNotFound,*'
    }
}
