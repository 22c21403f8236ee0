BeforeDiscovery { . $PSScriptRoot/Lab.ps1 }

Describe 'Measure-MigrationForecast' -Skip:([bool]$NoLab) {
    BeforeAll { . $PSScriptRoot/Lab.ps1 }
    BeforeEach { Reset-Lab }

    It 'D4: a VM that was measured is forecast as it starts, and the forecast is compared with what came of it' {
        $since = Get-Date
        $null = Measure-DirtyRate web1
        $result = Start-VMLiveMigration web1 b -Bandwidth 30MiB/s -Confirm:$false
        $result.Forecast.BandwidthSource, $result.Forecast.Bandwidth | Should -Be '-Bandwidth', 30MB
        $result.Forecast.CurveSource | Should -BeLike 'measured *'
        $result.Forecast.TotalTime | Should -BeGreaterThan ([timespan]::Zero)
        $record = Get-VMMigrationHistory web1 -After $since
        $record.Forecast.TotalTimeHigh | Should -BeGreaterOrEqual $record.Forecast.TotalTimeLow
        $record.Memory, $record.Forecast.Strategy | Should -Be $result.Memory, PreCopy
        $record.ZeroMemory | Should -BeGreaterThan 0
        $accuracy = Measure-MigrationForecast web1 -After $since
        $accuracy.Count, $accuracy.WithoutForecast | Should -Be 1, 0
        $accuracy.TimeError, $accuracy.BytesError, $accuracy.DowntimeError | Should -Not -BeNullOrEmpty
        $accuracy.Converged + $accuracy.FalselyWarned | Should -Be 1
        ($accuracy | Format-Table | Out-String -Width 80).Split("`n").TrimEnd() | ForEach-Object Length | Should -Not -BeGreaterThan 80
        ($record | Format-List | Out-String) | Should -BeLike "*Forecast*: *30 MiB/s: -Bandwidth*"
    }

    It 'D4: the next forecast of a VM learns from its migrations, in another process as well' {
        $since = Get-Date
        $null = Measure-DirtyRate web1
        $null = Start-VMLiveMigration web1 b -Bandwidth 30MiB/s -Confirm:$false
        $null = Start-VMLiveMigration web1 a -HostName b -Bandwidth 30MiB/s -Confirm:$false
        (Get-VMMigrationHistory web1 -After $since).Count | Should -Be 2
        $forecast = Get-MigrationForecast web1 b -Bandwidth 30MiB/s -Strategy PreCopy -Period 1
        "$($forecast.Notes)" | Should -BeLike '*Learned from * of this VM: *its devices take * of the downtime*'
        $there = pwsh -NoProfile -Command "Import-Module LiveMigration; Measure-MigrationForecast web1 -After '$($since.ToString('o'))' -PerVM | ConvertTo-Json" | ConvertFrom-Json
        $there.Name, $there.Count | Should -Be web1, 2
    }

    It 'counts a migration without a forecast, and says nothing of none' {
        $since = Get-Date
        $null = Start-VMLiveMigration db1 b -Confirm:$false
        $accuracy = Measure-MigrationForecast db1 -After $since -ErrorAction Stop
        $accuracy.Count + $accuracy.WithoutForecast + $accuracy.NotComparable | Should -Be 1
        Measure-MigrationForecast nobody-ever | Should -BeNullOrEmpty
        Measure-MigrationForecast nobody-ever -PerVM | Should -BeNullOrEmpty
    }
}
