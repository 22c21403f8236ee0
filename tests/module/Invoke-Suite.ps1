# Runs the Pester files beside this script against the module that the build left; the report is for tests/Summary.cs.
$root = Resolve-Path "$PSScriptRoot/../.."
$env:PSModulePath = "$root/artifacts/module" + [IO.Path]::PathSeparator + $env:PSModulePath
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
