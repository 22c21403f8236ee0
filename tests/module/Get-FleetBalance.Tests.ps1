BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Get-FleetBalance' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'V8: shows what the VMs of each host use, and one number with its parts' {
        $balance = Get-FleetBalance a, b -Duration 2s -DirtyRate
        $balance.Hosts.HostName | Should -Be a, b
        $a = $balance.Hosts[0]
        $a.Domains.Name | Should -Be db1, web1
        $a.Memory | Should -Be 256MB
        $a.Cpu | Should -BeGreaterThan 0
        $a.HostCpu | Should -BeGreaterThan 0
        $a.DirtyRate | Should -BeGreaterThan 0
        $balance.Hosts[1].Memory, $balance.Hosts[1].Cpu | Should -Be 0, 0
        # Of two hosts, one empty, the deviation is half of the other's share.
        [math]::Abs($balance.Parts.Memory - $a.MemoryShare / 2) | Should -BeLessThan 1e-9
        [math]::Abs($balance.Imbalance - ($a.MemoryShare + $a.CpuShare) / 4) | Should -BeLessThan 1e-9
        $shown = $balance | Out-String -Width 80
        $shown | Should -Match 'Imbalance : 0\.\d+ \(CPU 0\.\d+, memory 0\.\d+\)'
        $shown | Should -Match '(?m)^ +a +2 +\d+ % +\d+ %'
    }

    It 'V8: a host that cannot be reached is an error, and no number is made up for it' {
        $balance = Get-FleetBalance a, 'qemu+tcp://127.0.0.1:9/system' -Duration 1s -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed | Should -HaveCount 1
        $balance.Hosts.HostName | Should -Be a
        $balance.Unreachable | Should -Be 'qemu+tcp://127.0.0.1:9/system'
        $balance.Imbalance | Should -BeNullOrEmpty
    }
}
