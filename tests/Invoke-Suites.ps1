<#
.SYNOPSIS
    Runs the suites against what the build left, and sums what they reported; the last line is the result.
.DESCRIPTION
    First what needs no lab, then the tests on real hosts, side by side as tests/Suites.psd1 says. A suite writes to
    artifacts/test-results/NAME.log, which is shown when it has ended. One that does not end in time is killed, and has failed.
.PARAMETER Quick
    Only what needs no lab.
.OUTPUTS
    Exit code 0: all passed. 1: a test failed, or a suite did not run. 3: what ran passed, but there is no lab.
#>
param([switch] $Quick)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$root = (Resolve-Path "$PSScriptRoot/..").Path
$results = "$root/artifacts/test-results"
$projects = (Get-ChildItem $PSScriptRoot -Filter *.Tests.csproj -Recurse).BaseName | Sort-Object
$patience = [timespan]::FromMinutes(30)

# Why there is no lab; empty when there is.
$noLab = if ($Quick) { 'this is a quick run' }
elseif (-not $IsLinux) { 'it needs Linux' }
elseif ((id -u) -ne '0') { 'it needs root' }
else {
    $missing = & $PSScriptRoot/lab/lab.sh check 2>&1
    if ($LASTEXITCODE) { "packages are missing: $missing" }
}

# What a suite started gets signals as they are by default, even where this process ignores them, as nohup, `&` and CI services have it.
$default = @()
if (-not $IsWindows) {
    $null = env '--default-signal=INT,QUIT' true 2>&1
    if ($LASTEXITCODE -eq 0) { $default = 'env', '--default-signal=INT,QUIT' }
}

# A suite of a project; of the tests those that the filter names.
function New-ProjectSuite([string] $Project, [string] $Name = $Project, [string] $Filter) {
    $command = 'dotnet', 'test', "$root/artifacts/bin/$Project/release/$Project.dll", '--results-directory', $results,
        '--logger', "trx;LogFileName=$Name.trx", '--logger', 'console;verbosity=minimal',
        '--blame-hang', '--blame-hang-timeout', '20m', '--blame-hang-dump-type', 'none'
    if ($Filter) { $command += '--filter', $Filter }
    @{ Name = $Name; Command = $command }
}

# The suites of a project, of the tests that the condition lets through.
function Get-ProjectSuite([string] $Project, [string] $Condition) {
    $apart = @($table.Apart[$Project] | Where-Object { $_ })
    $rest = @($Condition) + ($apart | ForEach-Object { "FullyQualifiedName!~$(Get-Words $_)" }) | Where-Object { $_ }
    New-ProjectSuite $Project -Filter ($rest -join '&')
    if ($apart) {
        $own = '(' + (($apart | ForEach-Object { "FullyQualifiedName~$(Get-Words $_)" }) -join '|') + ')'
        New-ProjectSuite $Project "$Project.Apart" ((@($Condition) + $own | Where-Object { $_ }) -join '&')
    }
}

# A suite of Pester files.
function New-PesterSuite([string] $Name = 'Pester', [string[]] $Only, [string[]] $Except) {
    # This PowerShell: a program of its own, or, as a .NET tool, an assembly.
    $pwsh = if ($program = Get-Item "$PSHOME/pwsh", "$PSHOME/pwsh.exe" -ErrorAction Ignore) { $program.FullName } else { 'dotnet', "$PSHOME/pwsh.dll" }
    $command = @($pwsh) + '-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/module/Invoke-Suite.ps1", '-Name', $Name
    if ($Only) { $command += '-Only', ($Only -join ',') }
    if ($Except) { $command += '-Except', ($Except -join ',') }
    @{ Name = $Name; Command = $command }
}

# What a class, or a test of one, has in its full name, and no other has.
function Get-Words([string] $Name) { $Name -like '*.*' ? ".$Name" : ".$Name." }

# The suites of a part of Suites.psd1. What no suite names is run by the one that names nothing.
function Get-LabSuite([string] $Part) {
    $all = $table.SideBySide + $table.Alone
    $named = @{}
    foreach ($what in 'Classes', 'Files') { $named[$what] = @($all | Where-Object { $_.ContainsKey($what) } | ForEach-Object { $_[$what] }) }

    # Labs of two checkouts on this machine do not meet.
    $checkout = 17
    foreach ($letter in $root.ToCharArray()) { $checkout = ($checkout * 31 + [int]$letter) % 250 }

    foreach ($suite in $table[$Part]) {
        $number = $all.Name.IndexOf($suite.Name)
        if ($suite.Name -like 'Pester*') {
            $made = if ($suite.ContainsKey('Files')) { New-PesterSuite $suite.Name -Only $suite.Files } else { New-PesterSuite $suite.Name -Except $named.Files }
            $kind = 'pe'
        }
        else {
            $own = $suite.ContainsKey('Classes') ? $suite.Classes : @()
            $others = $named.Classes | Where-Object { $_ -notin $own -and (-not $own -or $_ -like '*.*') }
            $filter = @($others | ForEach-Object { "FullyQualifiedName!~$(Get-Words $_)" })
            if ($own) { $filter += '(' + (($own | ForEach-Object { "FullyQualifiedName~$(Get-Words $_)" }) -join '|') + ')' }
            $made = New-ProjectSuite LiveMigration.Tests $suite.Name (@('Category=Lab') + $filter -join '&')
            $kind = 'xu'
        }
        $made.Lab = @{ LAB_NAME = "$kind$([char]([int][char]'a' + $number))$checkout"; LAB_SUBNET = "10.$(91 + $number).$checkout" }
        $made
    }
}

function Start-Suite([hashtable] $Suite) {
    Write-Host "==> $($Suite.Name) began"
    $program, $arguments = $default + $Suite.Command
    $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]]$arguments)
    $start.WorkingDirectory = $root
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    if ($noLab) { $start.Environment['NO_LAB'] = $noLab }
    # No suite runs its code often enough to be repaid what the runtime counts while it learns which code that is.
    $start.Environment['DOTNET_TieredPGO'] = '0'
    if ($Suite.ContainsKey('Lab')) { foreach ($key in $Suite.Lab.Keys) { $start.Environment[$key] = $Suite.Lab[$key] } }
    $Suite.Process = [Diagnostics.Process]::Start($start)
    $Suite.Since = [Diagnostics.Stopwatch]::StartNew()
    $Suite.Files = 'log', 'err' | ForEach-Object { [IO.FileStream]::new("$results/$($Suite.Name).$_", 'Create', 'Write', 'Read', 1) }
    $Suite.Copies = [Threading.Tasks.Task[]]@(
        $Suite.Process.StandardOutput.BaseStream.CopyToAsync($Suite.Files[0])
        $Suite.Process.StandardError.BaseStream.CopyToAsync($Suite.Files[1]))
}

# Ends a suite with all that it started; without its report it counts as failed.
function Stop-Suite([hashtable] $Suite) {
    $Suite.Process.Kill($true)
    $Suite.Process.WaitForExit(10000) | Out-Null
    if ($Suite.ContainsKey('Lab')) {
        $lab = $Suite.Lab
        env "LAB_NAME=$($lab.LAB_NAME)" "LAB_SUBNET=$($lab.LAB_SUBNET)" timeout 120 $PSScriptRoot/lab/lab.sh down
    }
}

function Show-Suite([hashtable] $Suite, [string] $How) {
    # A daemon that outlives the suite may hold its output open.
    $null = [Threading.Tasks.Task]::WaitAll($Suite.Copies, 5000)
    $Suite.Files | ForEach-Object Dispose
    Write-Host "`n==> $($Suite.Name) $How after $([int]$Suite.Since.Elapsed.TotalSeconds) s"
    foreach ($log in 'log', 'err') { Get-Content "$results/$($Suite.Name).$log" | Write-Host }
}

function Invoke-SideBySide([hashtable[]] $Suites, [int] $AtOnce = 4) {
    $waiting = [Collections.Generic.Queue[hashtable]]::new($Suites)
    $running = [Collections.Generic.List[hashtable]]::new()
    try {
        while ($waiting.Count + $running.Count) {
            while ($running.Count -lt $AtOnce -and $waiting.Count) {
                $suite = $waiting.Dequeue()
                Start-Suite $suite
                $running.Add($suite)
            }
            Start-Sleep -Milliseconds 200
            foreach ($suite in $running.ToArray()) {
                if ($suite.Process.HasExited) {
                    $null = $running.Remove($suite)
                    Show-Suite $suite "ended with $($suite.Process.ExitCode)"
                    if ($suite.Process.ExitCode) { $script:failed = $true }
                }
                elseif ($suite.Since.Elapsed -gt $patience) {
                    $null = $running.Remove($suite)
                    Stop-Suite $suite
                    Show-Suite $suite 'was killed, as it did not end,'
                    Remove-Item "$results/$($suite.Name).trx", "$results/$($suite.Name).xml" -ErrorAction Ignore
                    $script:failed = $true
                }
            }
        }
    }
    finally {
        # Ctrl+C has reached them, too; they take their labs down by themselves.
        foreach ($suite in $running) { if (-not $suite.Process.WaitForExit(30000)) { Stop-Suite $suite } }
    }
}

Remove-Item $results -Recurse -Force -ErrorAction Ignore
$null = New-Item $results -ItemType Directory -Force
$failed = $false
$table = Import-PowerShellDataFile $PSScriptRoot/Suites.psd1
if ($noLab) {
    # A quick run does without the tests on real hosts; any other counts and names them as skipped.
    $run = @($projects | ForEach-Object { Get-ProjectSuite $_ ($Quick -and $_ -eq 'LiveMigration.Tests' ? 'Category!=Lab' : '') }) + (New-PesterSuite)
    Invoke-SideBySide $run
}
else {
    $run = @($projects | ForEach-Object { Get-ProjectSuite $_ ($_ -eq 'LiveMigration.Tests' ? 'Category!=Lab' : '') })
    Invoke-SideBySide $run
    $lab, $alone = 'SideBySide', 'Alone' | ForEach-Object { , @(Get-LabSuite $_) }
    Invoke-SideBySide $lab -AtOnce $table.AtOnce
    Invoke-SideBySide $alone -AtOnce 1
    $run += $lab + $alone
}

Write-Host
if ($noLab) { Write-Host "==> left out: the tests on real hosts, as there is no lab: $noLab" }
dotnet run $PSScriptRoot/Summary.cs -- $run.Name
exit $(if ($failed -or $LASTEXITCODE) { 1 } elseif ($noLab -and -not $Quick) { 3 } else { 0 })
