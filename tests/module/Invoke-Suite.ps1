<#
.SYNOPSIS
    Runs the Pester files beside this script against the module that the build left; the report is for tests/Summary.cs.
.PARAMETER Name
    The report's name: artifacts/test-results/NAME.xml.
.PARAMETER Only
    The files to run, by what stands before .Tests.ps1, with commas between them; all, if it is empty.
.PARAMETER Except
    Those not to run.
.PARAMETER Test
    Of these the tests to run, by their full names, which may hold wildcards.
.EXAMPLE
    ./tests/module/Invoke-Suite.ps1 -Only Start-VMLiveMigration -Test '*Ctrl+C aborts*'
#>
param([string] $Name = 'Pester', [string] $Only, [string] $Except, [string] $Test = '*')

$root = Resolve-Path "$PSScriptRoot/../.."
# The build leaves Pester, at the version of Directory.Packages.props, in artifacts/tools.
$env:PSModulePath = "$root/artifacts/module" + [IO.Path]::PathSeparator + "$root/artifacts/tools/Modules" + [IO.Path]::PathSeparator + $env:PSModulePath
# Journals of tests are not those of who runs them; and hosts of two labs have the same UUIDs.
$env:XDG_STATE_HOME = "$root/artifacts/state/$Name"

# `pwsh` in a test is this PowerShell, also where it is a .NET tool and nothing has that name, or where another one has it. It starts
# with SIGINT and SIGQUIT as they are by default: what nohup, `&` or a CI service ignore, a child would ignore too, and not be stopped by them.
if (-not $IsWindows) {
    $command = (Test-Path "$PSHOME/pwsh") ? "'$PSHOME/pwsh'" : "dotnet '$PSHOME/pwsh.dll'"
    $null = env "--default-signal=INT,QUIT" true 2>&1
    if ($LASTEXITCODE -eq 0) { $command = "env --default-signal=INT,QUIT $command" }
    $bin = New-Item "$root/artifacts/tools/bin/$Name" -ItemType Directory -Force
    Set-Content "$bin/pwsh" "#!/bin/sh`nexec $command `"`$@`""
    chmod +x "$bin/pwsh"
    $env:PATH = "$bin" + [IO.Path]::PathSeparator + $env:PATH
}

# A child that does not end is killed, so that its test fails and the others run. No child of a test takes half as long.
$watch = [powershell]::Create().AddScript({
    while ($true) {
        Start-Sleep -Seconds 5
        Get-Process | Where-Object { $_.Parent.Id -eq $PID -and $_.StartTime -lt [datetime]::Now.AddMinutes(-5) } | ForEach-Object { $_.Kill($true) }
    }
})
$null = $watch.BeginInvoke()

# Colours would make the report, which is XML, an invalid one.
$env:NO_COLOR = 1
$PSStyle.OutputRendering = 'PlainText'
Import-Module LiveMigration -ErrorAction Stop
. $PSScriptRoot/Lab.ps1
if ($NoLab) { Write-Host "==> without the tests on real hosts: $NoLab" }

$files = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Where-Object {
    $file = $_.Name -replace '\.Tests\.ps1$'
    (-not $Only -or $file -in ($Only -split ',')) -and $file -notin ($Except -split ',')
}
try {
    $run = Invoke-Pester -Configuration @{
        Run        = @{ Path = @($files.FullName); PassThru = $true }
        Filter     = @{ FullName = $Test }
        Output     = @{ Verbosity = 'Normal' }
        TestResult = @{ Enabled = $true; OutputFormat = 'JUnitXml'; OutputPath = "$root/artifacts/test-results/$Name.xml" }
    }
}
finally {
    # What Lab.ps1 has put up for the files to share.
    if ($global:LabIsUp) {
        # Whatever was done to them: they never found a page or a block that was not as they left it, nor ran twice.
        $broken = 'web1', 'db1' | Where-Object {
            $ticks = & "$root/tests/lab/lab.sh" ticks $_ | ConvertFrom-Json
            -not $ticks -or $ticks.corruptMemory -or $ticks.corruptDisk -or $ticks.duplicated
        }
        & "$root/tests/lab/lab.sh" down
    }
    $watch.Dispose()
}
if ($broken) { [Console]::Error.WriteLine("$($broken -join ' and ') found memory or disk contents that were not their own, or ran twice, or left no ticks.") }
exit [int]($run.Result -ne 'Passed' -or $broken)
