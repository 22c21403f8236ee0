<#
.SYNOPSIS
    Runs the commands of README.md in a new PowerShell and puts their output below them.
.DESCRIPTION
    Each block of PowerShell from its heading "Five commands" on is run, in order, in one session; a block of text that follows one is
    its output.
    Source and Destination stand for the README's kvm1.example.org and kvm2.example.org. A command that fails ends this script.
    Writes an object for each block: its code, the output that the README shows, and the real one.
.PARAMETER Source
    The libvirt URI of the host on which the VMs run.
.PARAMETER Destination
    The libvirt URI of the other host.
.PARAMETER Check
    Leaves README.md as it is.
#>
param(
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Destination,
    [switch] $Check
)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$readme = [IO.File]::ReadAllText("$root/README.md")
$blocks = [regex]::new('(?s)(?<=\n)```powershell\n(?<code>.+?)\n```(?:\n\n```text\n(?<shown>.*?)```)?').Matches($readme, $readme.IndexOf('## Five commands'))
$mark = "--- block $(New-Guid)"

$script = foreach ($block in $blocks) {
    # Each by itself, as at the prompt: PowerShell chooses a view by what it sees first.
    "'$mark' | Out-Default"
    ". {`n$($block.Groups['code'].Value)`n} | Out-Default"
}
$script = @(
    '$ErrorActionPreference, $ProgressPreference, $PSStyle.OutputRendering = "Stop", "SilentlyContinue", "PlainText"'
    "Import-Module '$root/artifacts/module/LiveMigration'"
    'Set-Location ($folder = New-Item ([IO.Path]::GetTempPath() + "/" + (New-Guid)) -ItemType Directory)'
    $script -join "`n" -replace 'qemu\+ssh://root@kvm1\.example\.org/system', "'$Source'" -replace 'qemu\+ssh://root@kvm2\.example\.org/system', "'$Destination'"
    'Set-Location /; Remove-Item $folder -Recurse'
) -join "`n"

$file = New-TemporaryFile
try {
    $command = Get-Process -Id $PID | ForEach-Object Path
    $arguments = $command -like '*dotnet' ? @("$PSHOME/pwsh.dll") : @()
    [IO.File]::WriteAllText("$file.ps1", $script)
    $output = & $command @arguments -NoProfile -NonInteractive -File "$file.ps1" 2>&1 | Out-String
    if ($LASTEXITCODE) { throw "A command of README.md failed:`n$output" }
}
finally {
    Remove-Item $file, "$file.ps1"
}

$real = $output -split "(?m)^$mark\r?\n"
$position = 0
$text = foreach ($n in 0..($blocks.Count - 1)) {
    $shown = $blocks[$n].Groups['shown']
    # Widths of views leave blanks at the end of lines; a README has none.
    $came = ($real[$n + 1] -replace '(?m)[ \t]+$').Trim("`r", "`n")
    [pscustomobject]@{ Code = $blocks[$n].Groups['code'].Value; Shown = $shown.Success ? $shown.Value : $null; Real = $came } | Write-Output -OutVariable +result | Out-Null
    if ($shown.Success) {
        $readme.Substring($position, $shown.Index - $position)
        "$came`n"
        $position = $shown.Index + $shown.Length
    }
}
if (-not $Check) { [IO.File]::WriteAllText("$root/README.md", (-join $text) + $readme.Substring($position)) }
$result
