# Runs the Pester files beside this script against the module that the build left; the report is for tests/Summary.cs.
$root = Resolve-Path "$PSScriptRoot/../.."
$env:PSModulePath = "$root/artifacts/module" + [IO.Path]::PathSeparator + $env:PSModulePath
Import-Module LiveMigration -ErrorAction Stop

Invoke-Pester -Configuration @{
    Run        = @{ Path = $PSScriptRoot; Exit = $true }
    Output     = @{ Verbosity = 'Normal' }
    TestResult = @{ Enabled = $true; OutputFormat = 'JUnitXml'; OutputPath = "$root/artifacts/test-results/Pester.xml" }
}
