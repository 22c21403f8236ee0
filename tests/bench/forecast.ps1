# Forecasts of guests of known behaviour, beside what their migrations then were and beside the formula with one rate. Prints JSON lines;
# each case with its dirty curve goes to artifacts/bench/forecast.ndjson as well. FLAVOUR=debian takes QEMU 7.2 instead of a newer one.
#requires -Version 7.4
param([string[]] $Guest = '*', [int[]] $Bandwidth = (15, 40), [int[]] $Downtime = (100, 600))

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot/../..
$env:LAB_NAME ??= 'benchfc'
$env:LAB_SUBNET ??= '10.86.0'
$flavour = $env:FLAVOUR ?? 'backports'
$Guest = $Guest -split ',' # as -File gives it
$lab = Resolve-Path tests/lab/lab.sh
if ((id -u) -ne 0) {
    [Console]::Error.WriteLine('bench forecast: left out; the lab needs root')
    return
}

# What each writes: ws MiB at rate MiB/s, in order or anywhere, one speed or two in turn. QEMU 10 tells periods below a second.
$guests = [ordered]@{
    idle    = 'ws=16', 'rate=0'
    slow    = 'ws=128', 'rate=4'
    small   = 'ws=4', 'rate=60'
    medium  = 'ws=24', 'rate=60'
    large   = 'ws=96', 'rate=30', 'pattern=rand'
    busy    = 'ws=128', 'rate=60', 'pattern=rand'
    phases  = 'ws=64', 'rate=4', 'rate2=40', 'period=3'
}

function Get-Quantile([double[]] $Samples, [double] $Share) {
    $sorted = @($Samples | Sort-Object)
    $at = $Share * ($sorted.Count - 1)
    $below = [math]::Floor($at)
    $sorted[$below] + ($sorted[[math]::Ceiling($at)] - $sorted[$below]) * ($at - $below)
}
function Write-Metric([string] $Name, [double] $Value, [string] $Unit, [System.Collections.IDictionary] $More = @{}) {
    ConvertTo-Json ([ordered]@{ name = "forecast.$Name"; value = [math]::Round($Value, 3); unit = $Unit } + $More) -Compress
}

dotnet build src/LiveMigration.PowerShell -c Release --nologo -v quiet -clp:NoSummary | ForEach-Object { [Console]::Error.WriteLine($_) }
Import-Module (Resolve-Path artifacts/module/LiveMigration)
$null = New-Item artifacts/bench -ItemType Directory -Force
Remove-Item artifacts/bench/forecast.ndjson -ErrorAction Ignore

$cases = try {
    if ($flavour -ne 'debian') { $null = & $lab prepare $flavour }
    $null = & $lab up "a=$flavour" "b=$flavour"
    'a', 'b' | ForEach-Object { $null = Connect-LibvirtHost (& $lab uri $_ tcp) -Name $_ }
    foreach ($name in $guests.Keys.Where({ $key = $_; $Guest.Where({ $key -like $_ }) })) {
        $null = & $lab guest $name a memory=256 tick=50 $guests[$name]
        $periods = $flavour -eq 'debian' ? @('1s', '3s', '8s', '1s') : @('100ms', '300ms', '1s', '3s', '8s', '100ms', '300ms')
        $forecasts = Get-MigrationForecast $name b -AllowMonitor:($flavour -ne 'debian') -Period $periods -Strategy PreCopy `
            -Bandwidth $Bandwidth.ForEach({ "${_}MiB/s" }) -MaxDowntime $Downtime.ForEach({ "${_}ms" })
        foreach ($forecast in $forecasts) {
            $from = (Get-LibvirtDomain $name | Where-Object State -EQ Running).HostName
            # Long enough to tell a slow end from none.
            $limit = [int](25 + 3 * 256MB / $forecast.Bandwidth)
            $result = Start-VMLiveMigration $name ($from -eq 'a' ? 'b' : 'a') -HostName $from -Bandwidth "$($forecast.Bandwidth)B/s" -MaxDowntime $forecast.MaxDowntime `
                -Timeout "${limit}s" -OnTimeout Abort -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $second = $forecast.Curve.DirtiedIn([timespan]::FromSeconds(1))
            $case = [pscustomobject][ordered]@{
                guest = $name; memory = $forecast.Curve.Memory; bandwidth = $forecast.Bandwidth; maxDowntime = $forecast.MaxDowntime.TotalSeconds
                curve = @($forecast.Curve.Points.ForEach({ [ordered]@{ period = $_.Period.TotalSeconds; dirtied = $_.Dirtied; error = $_.StandardError } }))
                probability = $forecast.Probability
                time = $forecast.TotalTime?.TotalSeconds; timeLow = $forecast.TotalTimeLow?.TotalSeconds; timeHigh = $forecast.TotalTimeHigh?.TotalSeconds
                downtime = $forecast.Downtime?.TotalSeconds; downtimeLow = $forecast.DowntimeLow?.TotalSeconds; downtimeHigh = $forecast.DowntimeHigh?.TotalSeconds
                transferred = $forecast.Transferred
                oneRateTime = $second -lt $forecast.Bandwidth ? $forecast.Curve.Memory / ($forecast.Bandwidth - $second) : $null
                limit = $limit
                ended = $null -ne $result # what was aborted is an error
                realTime = ${result}?.TotalTime?.TotalSeconds; realDowntime = ${result}?.Downtime?.TotalSeconds; realTransferred = ${result}?.Transferred; realIterations = ${result}?.Iterations
            }
            $line = ConvertTo-Json $case -Compress -Depth 4
            Add-Content artifacts/bench/forecast.ndjson $line
            [Console]::Error.WriteLine($line)
            $case
        }
        $null = & $lab guest-remove $name
    }
}
finally {
    & $lab down | ForEach-Object { [Console]::Error.WriteLine($_) }
}

$includes = "$(@($cases).Count) migrations of $(@($cases.guest | Select-Object -Unique).Count) guests, $flavour"
$sure = @($cases | Where-Object { $_.probability -le 0.2 -or $_.probability -ge 0.8 })
function Get-Share($Some, $All) { 100.0 * @($Some).Count / [math]::Max(1, @($All).Count) }
Write-Metric 'converges.right' (Get-Share ($cases | Where-Object { ($_.probability -ge 0.5) -eq $_.ended }) $cases) % @{ aim = 95; includes = $includes }
Write-Metric 'converges.right.sure' (Get-Share ($sure | Where-Object { ($_.probability -ge 0.5) -eq $_.ended }) $sure) % @{ includes = "those $($sure.Count) of which the forecast was 80 % sure" }
Write-Metric 'converges.right.one-rate' (Get-Share ($cases | Where-Object { ($null -ne $_.oneRateTime -and $_.oneRateTime -lt $_.limit) -eq $_.ended }) $cases) % @{ includes = 'memory / (bandwidth - dirty rate of a second)' }
$both = @($cases | Where-Object { $_.ended -and $null -ne $_.time })
if ($both) {
    $errors = $both.ForEach({ [math]::Abs($_.time - $_.realTime) / $_.realTime })
    Write-Metric 'time.error.median' (100 * (Get-Quantile $errors 0.5)) % @{ aim = 15; includes = "$($both.Count) that ended, as forecast" }
    Write-Metric 'time.error.p90' (100 * (Get-Quantile $errors 0.9)) % @{ aim = 35 }
    $one = @($both | Where-Object { $null -ne $_.oneRateTime })
    if ($one) { Write-Metric 'time.error.median.one-rate' (100 * (Get-Quantile $one.ForEach({ [math]::Abs($_.oneRateTime - $_.realTime) / $_.realTime }) 0.5)) % @{ includes = "$($one.Count) that the formula gives a time" } }
    Write-Metric 'downtime.error.median' (1000 * (Get-Quantile $both.ForEach({ [math]::Abs($_.downtime - $_.realDowntime) }) 0.5)) ms @{ aim = 100 }
    Write-Metric 'time.in-band' (Get-Share ($both | Where-Object { $_.realTime -ge $_.timeLow -and $_.realTime -le $_.timeHigh }) $both) % @{ aim = '70 to 90' }
}
