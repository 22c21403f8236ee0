BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Compare-QemuProcess' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1; . $PSScriptRoot/BareQemu.ps1 }
    AfterEach { Stop-BareQemu }

    It 'finds nothing between a QEMU and its twin' {
        $old = Start-BareQemu | Connect-QemuProcess
        $new = $old | Start-QemuDestination -PathMap @{ "$bareFolder/web1" = "$bareFolder/new" }
        Compare-QemuProcess $old $new | Should -BeNullOrEmpty
        $old | Compare-QemuProcess -Destination $new -Sections -Confirm:$false | Where-Object Verdict -ne Unknown | Should -BeNullOrEmpty
        $old.State | Should -Be running
        $equal = Compare-QemuProcess $old $new -IncludeEqual
        $equal.Count | Should -BeGreaterThan 30
        $equal | Where-Object What -eq '-machine' | ForEach-Object Destination | Should -Be $old.Machine
        "$(($old | Start-VMLiveMigration -Destination $new).Verdict)" | Should -Be Moved
    }

    It 'says in the words of the command line what differs, and what QEMU makes of it' {
        $old = Start-BareQemu -Options '-smp', '1,maxcpus=2', '-device', 'virtio-rng-pci,id=rng0,addr=5' | Connect-QemuProcess
        $new = Start-BareQemu -Name new -Incoming -Options '-m', '32', '-smp', '1,maxcpus=4' | Connect-QemuProcess -Name new
        $found = Compare-QemuProcess web1 new
        $found[0].Verdict | Should -Be Fatal
        ($found | Where-Object Verdict -eq Fatal).What | Should -Be '-m', '-device virtio-rng-pci,id=rng0,addr=05.0'
        $cpus = $found | Where-Object What -eq '-smp maxcpus='
        $cpus.Source, $cpus.Destination, "$($cpus.Verdict)" | Should -Be 2, 4, Dangerous
        $cpus.Remedy | Should -BeLike '*maxcpus=2*'
        ($found | Format-Table | Out-String -Width 80) -split "`n" | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 80 }
        { Compare-QemuProcess web1 nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'QemuNotConnected*'
    }

    It 'stops a VM only if it may' {
        $old = Start-BareQemu | Connect-QemuProcess
        $null = Start-BareQemu -Name new | Connect-QemuProcess -Name new
        Compare-QemuProcess web1 new -Sections -IncludeEqual -WhatIf | Where-Object What -like 'section*' | Should -BeNullOrEmpty
        Compare-QemuProcess web1 new -Sections -IncludeEqual -Confirm:$false | Where-Object What -like 'section*' | Should -Not -BeNullOrEmpty
        ($old | Get-QemuProcess).State | Should -Be running
    }
}
