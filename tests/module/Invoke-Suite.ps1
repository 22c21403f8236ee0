# Runs the Pester files beside this script against the module that the build left; the report is for tests/Summary.cs.
$root = Resolve-Path "$PSScriptRoot/../.."
# The build leaves Pester, at the version of Directory.Packages.props, in artifacts/tools.
$env:PSModulePath = "$root/artifacts/module" + [IO.Path]::PathSeparator + "$root/artifacts/tools/Modules" + [IO.Path]::PathSeparator + $env:PSModulePath
# Journals of tests are not those of who runs them.
$env:XDG_STATE_HOME = "$root/artifacts/state"
# Tests start processes of their own, also where PowerShell is a .NET tool and nothing has that name.
if (-not $IsWindows -and -not (Get-Command pwsh -ErrorAction Ignore)) {
    $null = New-Item "$root/artifacts/tools/bin" -ItemType Directory -Force
    Set-Content "$root/artifacts/tools/bin/pwsh" "#!/bin/sh`nexec dotnet '$PSHOME/pwsh.dll' `"`$@`""
    chmod +x "$root/artifacts/tools/bin/pwsh"
    $env:PATH = "$root/artifacts/tools/bin" + [IO.Path]::PathSeparator + $env:PATH
}
# Colours would make the report, which is XML, an invalid one.
$env:NO_COLOR = 1
$PSStyle.OutputRendering = 'PlainText'
Import-Module LiveMigration -ErrorAction Stop
. $PSScriptRoot/Lab.ps1
if ($NoLab) { Write-Host "==> left out, as ${NoLab}: the tests on real hosts" }

try {
    $run = Invoke-Pester -Configuration @{
        Run        = @{ Path = $PSScriptRoot; PassThru = $true }
        Output     = @{ Verbosity = 'Normal' }
        TestResult = @{ Enabled = $true; OutputFormat = 'JUnitXml'; OutputPath = "$root/artifacts/test-results/Pester.xml" }
    }
}
finally {
    # What Lab.ps1 has put up for the files to share.
    if ($global:LabIsUp) { & "$root/tests/lab/lab.sh" down }
}
exit [int]($run.Result -ne 'Passed')
