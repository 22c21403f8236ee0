BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Measure-DirtyRate' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'D1: measures several VMs at the same time' {
        $rates = Get-LibvirtDomain web1, db1 -HostName a | Measure-DirtyRate -Period 4s
        [Math]::Abs(($rates[0].Time - $rates[1].Time).TotalSeconds) | Should -BeLessThan 4 -Because 'the second begins before the first ends'
        $rates.Name | Sort-Object | Should -Be db1, web1
        foreach ($rate in $rates) {
            # 4 MiB/s over 16 MiB; few of the pages of a VM as small as this are looked at.
            $rate.Rate | Should -BeGreaterThan 0
            $rate.Rate | Should -BeLessThan 16MB
            $rate.PagesPerSecond | Should -Be ($rate.Rate / 4KB)
            $rate.ShareOfMemory | Should -Be ($rate.Rate / 128MB)
        }
        $rates | Out-String | Should -Match 'web1 +a +PageSampling +4 s'
    }

    It 'D1: is a stream, of every period in every turn' {
        $seen = [Collections.Generic.List[datetime]]::new()
        $rates = Measure-DirtyRate web1 -Period '1s', '2s' -Repeat 2 | ForEach-Object { $seen.Add([datetime]::UtcNow); $_ }
        $rates.Period.TotalSeconds | Should -Be 1, 2, 1, 2
        ($seen[-1] - $seen[0]).TotalSeconds | Should -BeGreaterThan 4 -Because 'each is written when it is there'
        $rates[1].Dirtied | Should -Be (2 * $rates[1].Rate)
    }

    It 'D1: can be cut short' {
        (Measure-DirtyRate web1 -Repeat 100 | Select-Object -First 1).Name | Should -Be web1
    }

    It 'D1: during a migration the migration tells' {
        $null = Start-SlowMigration @{ MaxDowntime = '1ms' }
        $rate = Measure-DirtyRate web1 -Period 30s
        $rate.Mode | Should -Be Migration
        $rate.HostName | Should -Be a
        $rate.Period | Should -BeNullOrEmpty
        Set-MigrationBandwidth web1 20 # It knows the rate after the first pass.
        (Wait-Until { Measure-DirtyRate web1 | Where-Object PagesPerSecond }).ShareOfMemory | Should -BeGreaterThan 0
    }

    It 'D1: refuses <_>, which a VM without KVM does not survive' -ForEach DirtyBitmap, DirtyRing {
        { Measure-DirtyRate web1 -Mode $_ -ErrorAction Stop } | Should -Throw '*without KVM*' -ErrorId 'ModeNotSurvivable*'
        Get-Home | Should -Be a
    }

    It 'refuses <Period> with <Mode>: <Id>' -ForEach @(
        @{ Period = '1.5s'; Mode = 'PageSampling'; Id = 'OutOfRange' }
        @{ Period = '61s'; Mode = 'PageSampling'; Id = 'OutOfRange' }
        @{ Period = '1s'; Mode = 'Migration'; Id = 'NoMigration' }
    ) {
        { Measure-DirtyRate web1 -Period $Period -Mode $Mode -ErrorAction Stop } | Should -Throw -ErrorId "$Id*"
    }
}
