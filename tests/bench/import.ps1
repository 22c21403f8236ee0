# Import-Module against an empty pwsh, each in a process of its own, in turn; and whether it loads libvirt's library, which it
# must not. Prints JSON lines.
#requires -Version 7.4
param([int] $Pairs = 12)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot/../..
dotnet build src/LiveMigration.PowerShell -c Release --nologo -v quiet -clp:NoSummary | ForEach-Object { [Console]::Error.WriteLine($_) }
$module = Resolve-Path artifacts/module/LiveMigration

# As a .NET tool PowerShell is a library only.
$pwsh = Join-Path $PSHOME pwsh
$pwsh = (Test-Path $pwsh) ? @($pwsh) : @('dotnet', "$PSHOME/pwsh.dll")
function Invoke-Fresh([string] $Command) {
    $program, $arguments = $pwsh + '-NoProfile', '-NonInteractive', '-Command', $Command
    & $program @arguments
}
function Measure-Cpu([string] $Command) {
    [double](Invoke-Fresh "`$before = (Get-Process -Id `$PID).TotalProcessorTime; $Command
        ((Get-Process -Id `$PID).TotalProcessorTime - `$before).TotalMilliseconds")
}
function Measure-Fresh([string] $Command) { (Measure-Command { Invoke-Fresh $Command }).TotalMilliseconds }

function Get-Quantile([double[]] $Samples, [double] $Share) {
    $sorted = @($Samples | Sort-Object)
    $at = $Share * ($sorted.Count - 1)
    $below = [math]::Floor($at)
    $sorted[$below] + ($sorted[[math]::Ceiling($at)] - $sorted[$below]) * ($at - $below)
}
function Write-Metric([string] $Name, [double] $Value, [string] $Unit, [System.Collections.IDictionary] $More = @{}) {
    $metric = [ordered]@{ name = $Name; value = [math]::Round($Value, 1); unit = $Unit }
    if ($More.Contains('aim')) { $More.met = $Value -le $More.aim }
    ConvertTo-Json ($metric + $More) -Compress
}
function Write-Median([string] $Name, [double[]] $Samples, [System.Collections.IDictionary] $More = @{}) {
    $quartiles = @((Get-Quantile $Samples 0.25), (Get-Quantile $Samples 0.75)).ForEach({ [math]::Round($_, 1) })
    Write-Metric $Name (Get-Quantile $Samples 0.5) ms ([ordered]@{ quartiles = $quartiles } + $More)
}

$import = "Import-Module '$module'"
$null = Measure-Fresh 'exit'
$null = Measure-Fresh $import
$empty = [System.Collections.Generic.List[double]]::new()
$full = [System.Collections.Generic.List[double]]::new()
foreach ($pair in 1..$Pairs) {
    if ($pair % 2) { $empty.Add((Measure-Fresh 'exit')); $full.Add((Measure-Fresh $import)) }
    else { $full.Add((Measure-Fresh $import)); $empty.Add((Measure-Fresh 'exit')) }
}
$extra = 0..($Pairs - 1) | ForEach-Object { $full[$_] - $empty[$_] }

Write-Median import.pwsh.empty $empty @{ includes = 'pwsh -NoProfile from start to exit' }
Write-Median import.pwsh.module $full @{ includes = 'the same with Import-Module' }
Write-Median import.time $extra ([ordered]@{ aim = 100; includes = 'the difference, pair by pair' })
Write-Median import.cpu @(1..$Pairs | ForEach-Object { Measure-Cpu $import }) @{
    aim = 100; includes = 'processor time of Import-Module in its process: does not count what else the machine does'
}
if ($IsLinux) {
    $mapped = Invoke-Fresh "$import; @(Select-String -Path /proc/`$PID/maps -Pattern libvirt).Count"
    Write-Metric import.libvirt-mapped $mapped lines ([ordered]@{ aim = 0; includes = 'lines of /proc/PID/maps with libvirt in them, after the import' })
}
