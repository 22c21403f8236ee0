#!/usr/bin/env pwsh

<#
.SYNOPSIS
    Builds, tests, shows, measures and packs LiveMigration.

.DESCRIPTION
    For those who live in PowerShell. Needs the .NET SDK 10. On a fresh machine call ./build.sh instead: it installs what is
    missing, PowerShell among it, and hands over to this script.

    Pester and PlatyPS are fetched from the PowerShell Gallery into artifacts/tools where they are not installed;
    .config/gallery-modules.psd1 has the versions. All that a task makes is under artifacts/, the help apart.

.PARAMETER Task
    Build    compiles, and leaves the module in artifacts/module/LiveMigration.
    Test     builds, runs the xunit and Pester suites; the last line is the sum.
    Demo     moves a running VM between two libvirt hosts on this machine and back. Linux, root.
    Bench    runs the measurement -Name of tests/bench, or all.
    Docs     makes the help in module/en-US from the pages in docs/.
    Package  builds, imports the module in a new process as a user would, and zips it.
    Clean    takes the lab down and removes artifacts/.

.PARAMETER Name
    The measurement to run with -Task Bench.

.EXAMPLE
    ./build.ps1
    Compiles, and leaves the module where Import-Module ./artifacts/module/LiveMigration finds it.

.EXAMPLE
    ./build.ps1 -Task Test
    Runs everything and ends with a line such as "312 passed, 0 failed, 4 skipped".

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
    [string] $Name = '*'
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
    Remove-Item artifacts/test-results -Recurse -ErrorAction Ignore
    dotnet test LiveMigration.sln @quiet --no-build -m:1
    $failed = $LASTEXITCODE -ne 0

    Invoke-FreshPowerShell tests/module/Invoke-Suite.ps1

    dotnet run tests/Summary.cs -- Pester
    exit [int]($failed -or $LASTEXITCODE -ne 0)
}

function Measure-Everything {
    $scripts = Get-ChildItem tests/bench -Filter "$Name.*" -ErrorAction Ignore | Where-Object Extension -In '.ps1', '.sh'
    if (-not $scripts) { throw "There is no measurement '$Name'. There are: $((Get-ChildItem tests/bench).BaseName -join ', ')" }
    foreach ($script in $scripts) {
        if ($script.Extension -eq '.ps1') { Invoke-FreshPowerShell $script.FullName } else { & $script.FullName }
    }
}

function Update-Help {
    if (-not (Use-GalleryModule Microsoft.PowerShell.PlatyPS)) { throw 'The help is made with Microsoft.PowerShell.PlatyPS.' }
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

# Makes a module available; false, with the reason said, where the gallery cannot be reached.
function Use-GalleryModule([string] $Module) {
    $version = [version](Import-PowerShellDataFile .config/gallery-modules.psd1)[$Module]
    $tools = Join-Path $PWD artifacts/tools/Modules
    if ($env:PSModulePath -notlike "$tools*") { $env:PSModulePath = $tools + [IO.Path]::PathSeparator + $env:PSModulePath }
    $wanted = @{ ModuleName = $Module; ModuleVersion = $version; MaximumVersion = "$($version.Major).9999" }
    if (Get-Module -ListAvailable -FullyQualifiedName $wanted) { return $true }

    Write-Host "==> fetching $Module $version from the PowerShell Gallery into artifacts/tools"
    try {
        $null = Invoke-WebRequest https://www.powershellgallery.com/api/v2 -Method Head -TimeoutSec 15
        $null = New-Item $tools -ItemType Directory -Force
        Save-PSResource $Module -Version $version -Path $tools -Repository PSGallery -TrustRepository
        return $true
    }
    catch {
        Write-Host "==> $Module is not to be had here: $($_.Exception.Message)"
        return $false
    }
}

# A process of its own, so that this session keeps no assembly locked and loads no old one.
function Invoke-FreshPowerShell([string] $Script) {
    $command, $arguments = Get-PowerShell
    & $command @arguments -NoProfile -File $Script
}

# This PowerShell as a command line: a program of its own, or, as a .NET tool, an assembly.
function Get-PowerShell {
    $program = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    if (Test-Path $program) { $program } else { 'dotnet', "$PSHOME/pwsh.dll" }
}

function Write-LeftOut([string] $What) { Write-Host "==> left out: $What" }

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
