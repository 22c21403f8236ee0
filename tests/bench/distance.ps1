# What distance costs: a list, a readiness check and a whole migration of an idle guest of 80 MiB, over links of 0, 20, 50 and 200 ms there and back,
# beside virsh. Both connect for each, as a runbook does; `connected` had connected before. Prints JSON lines. TRANSPORT=ssh or tls takes another than tcp.
#requires -Version 7.4
param([int[]] $RoundTrip = (0, 20, 50, 200), [int] $Rounds = 3)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot/../..
$env:LAB_NAME ??= 'benchdi'
$env:LAB_SUBNET ??= '10.87.0'
$transport = $env:TRANSPORT ?? 'tcp'
$lab = Resolve-Path tests/lab/lab.sh
if ((id -u) -ne 0) {
    [Console]::Error.WriteLine('bench distance: left out; the lab needs root')
    return
}

function Write-Metric([string] $Name, [double] $Value, [string] $Unit, [System.Collections.IDictionary] $More = @{}) {
    ConvertTo-Json ([ordered]@{ name = "distance.$Name"; value = [math]::Round($Value, 3); unit = $Unit } + $More) -Compress
}
function Get-Median([double[]] $Samples) { @($Samples | Sort-Object)[[math]::Floor(($Samples.Count - 1) / 2)] }
function Measure-Seconds([scriptblock] $Work) { (Measure-Command { & $Work }).TotalSeconds }
function Connect-Both { foreach ($name in 'a', 'b') { $null = Connect-LibvirtHost $uri[$name] -Name $name -WarningAction Ignore } }
function Disconnect-Both { Get-LibvirtHost -WarningAction Ignore | Disconnect-LibvirtHost }

dotnet build src/LiveMigration.PowerShell -c Release --nologo -v quiet -clp:NoSummary | ForEach-Object { [Console]::Error.WriteLine($_) }
Import-Module (Resolve-Path artifacts/module/LiveMigration)
try {
    $null = & $lab up
    $null = & $lab guest idle a memory=80 ws=4 rate=0 tick=50
    $uri = @{ a = & $lab uri a $transport; b = & $lab uri b $transport }
    # What comes first also compiles.
    Connect-Both
    $null = Start-VMLiveMigration idle b
    $null = Start-VMLiveMigration idle a
    $null = Test-MigrationReadiness idle b
    Disconnect-Both

    foreach ($milliseconds in $RoundTrip) {
        # Each way; what the hosts say to each other passes two links.
        'a', 'b' | ForEach-Object { & $lab link $_ delay ($milliseconds / 2) }
        $took = @{}
        function Add-Sample([string] $What, [scriptblock] $Work) { $took[$What] = @($took.ContainsKey($What) ? $took[$What] : @()) + (Measure-Seconds $Work) }
        foreach ($round in 1..$Rounds) {
            Add-Sample list.virsh { $null = virsh -q -c $uri.a list --all }
            Add-Sample list.ours { $null = Connect-LibvirtHost $uri.a -Name a; $null = Get-LibvirtDomain -HostName a; Disconnect-Both }
            Add-Sample migrate.virsh { $null = virsh -q -c $uri.a migrate --live --p2p --persistent --undefinesource idle $uri.b }
            Add-Sample migrate.virsh { $null = virsh -q -c $uri.b migrate --live --p2p --persistent --undefinesource idle $uri.a }
            Add-Sample migrate.ours { Connect-Both; $null = Get-LibvirtDomain idle -HostName a | Start-VMLiveMigration b; Disconnect-Both }
            Connect-Both
            Add-Sample migrate.connected { $null = Get-LibvirtDomain idle -HostName b | Start-VMLiveMigration a }
            Add-Sample readiness.connected { $null = Test-MigrationReadiness idle b -HostName a }
            Disconnect-Both
        }

        foreach ($what in $took.Keys | Sort-Object) { Write-Metric "$milliseconds.$what" (Get-Median $took[$what]) s }
        foreach ($what in 'list', 'migrate') {
            $aim = 1.2 * (Get-Median $took["$what.virsh"]) + 1
            $ours = Get-Median $took["$what.ours"]
            Write-Metric "$milliseconds.$what.over" ($ours - $aim) s ([ordered]@{ aim = 0; met = $ours -le $aim; includes = 'ours over 1.2 times virsh and a second' })
        }
    }
}
finally {
    & $lab down
}
