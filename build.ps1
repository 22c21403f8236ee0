#!/usr/bin/env pwsh

<#
.SYNOPSIS
    Builds, tests, shows, measures and packs LiveMigration.

.DESCRIPTION
    For those who live in PowerShell; runs everything in the PowerShell that it runs in. Needs the .NET SDK 10. On a fresh machine
    call ./build.sh instead: it installs what is missing, PowerShell (at a pinned version) among it, and hands over to this script.

    Pester comes from NuGet with the build. Only -Task Docs needs the PowerShell Gallery, for Microsoft.PowerShell.PlatyPS; where it
    is not installed, it is fetched into artifacts/tools. All that a task makes is under artifacts/, the help apart.

.PARAMETER Task
    Build    compiles, and leaves the module in artifacts/module/LiveMigration.
    Test     builds, runs the xunit and Pester suites; the last line is the sum. The exit code is 0 when all passed, 1 when a test
             failed or a suite did not run, 3 when what ran passed but the tests on real hosts were left out, as there is no lab.
    Demo     moves a running VM between two libvirt hosts on this machine and back. Linux, root.
    Bench    runs the measurement -Name of tests/bench, or all.
    Docs     makes the help in module/en-US from the pages in docs/.
    Package  builds, imports the module in a new process as a user would, and zips it.
    Clean    takes the lab down and removes artifacts/.

.PARAMETER Quick
    With -Task Test: what needs no lab, in less than two minutes.

.PARAMETER Name
    The measurement to run with -Task Bench.

.EXAMPLE
    ./build.ps1
    Compiles, and leaves the module where Import-Module ./artifacts/module/LiveMigration finds it.

.EXAMPLE
    ./build.ps1 -Task Test
    Runs everything and ends with a line such as "312 passed, 0 failed, 4 skipped".

.EXAMPLE
    ./build.ps1 Test -Quick
    Runs what needs neither root nor the lab.

.EXAMPLE
    ./build.ps1 Bench list
    Measures Get-LibvirtDomain.
#>
#requires -Version 7.4
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Bench', 'Docs', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [Parameter(Position = 1)]
    [string] $Name = '*',

    [switch] $Quick
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$quiet = '-c', 'Release', '--nologo', '-v', 'quiet'

function Build-Solution {
    Write-Host '==> building'
    dotnet build LiveMigration.sln @quiet
}

function Test-Everything {
    $PSNativeCommandUseErrorActionPreference = $false
    $arguments = $Quick ? '-Quick' : @()
    Invoke-FreshPowerShell tests/Invoke-Suites.ps1 $arguments
    exit $LASTEXITCODE
}

function Measure-Everything {
    $scripts = Get-ChildItem tests/bench -Filter "$Name.*" -ErrorAction Ignore | Where-Object Extension -In '.ps1', '.sh'
    if (-not $scripts) { throw "There is no measurement '$Name'. There are: $((Get-ChildItem tests/bench).BaseName -join ', ')" }
    foreach ($script in $scripts) {
        if ($script.Extension -eq '.ps1') { Invoke-FreshPowerShell $script.FullName } else { & $script.FullName }
    }
}

function Update-Help {
    Install-PlatyPS
    ./docs/Update-Help.ps1
}

function New-Package {
    dotnet build src/LiveMigration.PowerShell @quiet -t:Package
    Invoke-FreshPowerShell tests/module/Test-Package.ps1
}

function Clear-Everything {
    if ($IsLinux -and (id -u) -eq '0') { ./tests/lab/lab.sh down }
    Remove-Item artifacts -Recurse -Force -ErrorAction Ignore
}

# The only thing here that the PowerShell Gallery is needed for: NuGet does not have PlatyPS.
function Install-PlatyPS {
    $version = [version]'1.0.1'
    $tools = Join-Path $PWD artifacts/tools/Modules
    if ($env:PSModulePath -notlike "$tools*") { $env:PSModulePath = $tools + [IO.Path]::PathSeparator + $env:PSModulePath }
    $wanted = @{ ModuleName = 'Microsoft.PowerShell.PlatyPS'; ModuleVersion = $version; MaximumVersion = "$($version.Major).9999" }
    if (Get-Module -ListAvailable -FullyQualifiedName $wanted) { return }

    Write-Host "==> fetching Microsoft.PowerShell.PlatyPS $version from the PowerShell Gallery into artifacts/tools"
    try {
        $null = Invoke-WebRequest https://www.powershellgallery.com/api/v2 -Method Head -TimeoutSec 15
        $null = New-Item $tools -ItemType Directory -Force
        Save-PSResource Microsoft.PowerShell.PlatyPS -Version $version -Path $tools -Repository PSGallery -TrustRepository
    }
    catch {
        throw "-Task Docs makes the help with Microsoft.PowerShell.PlatyPS $version, which could not be fetched: $($_.Exception.Message)"
    }
}

# A process of its own, so that this session keeps no assembly locked and loads no old one.
function Invoke-FreshPowerShell([string] $Script, [string[]] $With = @()) {
    $command, $arguments = Get-PowerShell
    & $command @arguments -NoProfile -File $Script @With
}

# This PowerShell as a command line: a program of its own, or, as a .NET tool, an assembly.
function Get-PowerShell {
    $program = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    if (Test-Path $program) { $program } else { 'dotnet', "$PSHOME/pwsh.dll" }
}

if ($Quick -and $Task -ne 'Test') { throw '-Quick goes with -Task Test.' }
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        Build { Build-Solution }
        Test { Build-Solution; Test-Everything }
        Demo { Build-Solution; ./samples/demo.sh @(Get-PowerShell) -NoProfile -File samples/demo.ps1 }
        Bench { Measure-Everything }
        Docs { Update-Help }
        Package { New-Package }
        Clean { Clear-Everything }
    }
}
catch [System.Management.Automation.NativeCommandExitException] {
    # The program has said what is wrong.
    Write-Host "build.ps1: $($_.Exception.Message)"
    exit 1
}
finally {
    Pop-Location
}
