<#
.SYNOPSIS
    Makes the help topics in module/en-US from the about_ pages beside this script.
.DESCRIPTION
    The list of error ids in about_LiveMigration_Errors.md comes from the tables of faults in src. Writes the paths of the files
    that changed; needs no other module.
.PARAMETER Check
    Changes nothing: only writes which files are out of date.
#>
param([switch] $Check)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot

function Save([string] $Path, [string] $Text) {
    if ((Test-Path $Path) -and [IO.File]::ReadAllText($Path) -ceq $Text) { return }
    if (-not $Check) { [IO.File]::WriteAllText($Path, $Text) }
    [IO.Path]::GetRelativePath($root, $Path)
}

# Breaks a text into lines that fit a window of 80 columns, where a topic is indented by four. What follows the start stays behind it.
function Format-Lines([string] $Text, [string] $Start = '') {
    $line = $Start
    foreach ($word in $Text.Trim() -split '\s+') {
        if ($line.Trim() -and $line.Length + $word.Length -gt 76) { $line.TrimEnd(); $line = ' ' * $Start.Length }
        $line += "$word "
    }
    $line.TrimEnd()
}

# A table without bars: the columns are aligned, and the last one is broken into lines.
function Format-Cells([string[]] $Row) {
    $cells = @($Row -notmatch '^[|\s:-]+$' | ForEach-Object { , ($_ -replace '^\|\s*|\s*\|$' -split '\s*\|\s*') })
    $last = $cells[0].Count - 1
    foreach ($cell in $cells) {
        $start = -join (0..($last - 1) | ForEach-Object { $n = $_; $cell[$n].PadRight(($cells | ForEach-Object { $_[$n].Length } | Measure-Object -Maximum).Maximum + 2) })
        if ($cell[$last]) { Format-Lines $cell[$last] $start }
    }
}

# A page as plain text: headings stand out, all else is indented.
function Format-Topic([string] $Page) {
    $blocks = [regex]::Matches(($Page -replace '<!--.*?-->\n*'), '(?sm)^```(?<language>\w*)\n(?<code>.*?)\n```$|^(?<heading>#+) (?<title>.+?)$|^(?<table>\|.*?\|)$(?!\n\|)|^(?<item>- .+?)$(?!\n  )|^(?<code>    .+?)$(?!\n    )|^(?<text>\S.*?)$(?=\n\n|\n```|\n- |\n\||\Z)')
    $before = ''
    foreach ($block in $blocks) {
        $is = $block.Groups
        $kind = 'heading', 'code', 'table', 'item', 'text' | Where-Object { $is[$_].Success } | Select-Object -First 1
        if ($before -and $before -ne 'heading' -and -not ($kind -eq 'item' -and $before -eq 'item')) { '' }
        switch ($kind) {
            heading {
                switch ($is['heading'].Length) {
                    1 { 'TOPIC', "    $($is['title'])", '' }
                    2 { "$($is['title'])" }
                    3 { "  $($is['title'])" }
                }
            }
            code {
                $indent = ' ' * ($is['language'].Success ? $is['language'].Value -eq 'text' ? 4 : 6 : 2)
                # The title of a check can be long.
                $lines = $is['code'].Value -split '\n' | ForEach-Object { $_ -match '^(LM\d+ \w  )(.+)' ? (Format-Lines $Matches[2] $Matches[1]) : $_ }
                $lines | ForEach-Object { "$indent$_" }
            }
            table { Format-Cells ($is['table'].Value -split '\n' -replace '`') | ForEach-Object { "    $_" } }
            item { Format-Lines ($is['item'].Value.Substring(2) -replace '`') '- ' | ForEach-Object { "    $_" } }
            text { Format-Lines ($is['text'].Value -replace '`') | ForEach-Object { "    $_" } }
        }
        $before = $kind
    }
}

# Each fault's id, what it means (the summary of its field), and what to do (the recommended action that users get with the error).
function Get-Fault {
    $row = '(?s)/// <summary>((?:(?!</summary>).)+)</summary>\s+public static readonly Fault \w+ = new\("(\w+)", FaultCategory\.(\w+),\s+"((?:[^"\\]|\\.)*)"\);'
    foreach ($file in Get-ChildItem $root/src/*/Errors/*Faults*.cs) {
        foreach ($match in [regex]::Matches((Get-Content $file -Raw), $row)) {
            $meaning, $id, $category, $action = @($match.Groups)[1..4].Value
            [pscustomobject]@{
                Id = $id; Category = $category
                Meaning = $meaning -replace '\s*///\s*', ' ' -replace '<see cref="(?:\w+\.)*(\w+)"/>', '$1'
                Action = [regex]::Unescape($action)
            }
        }
    }
}

$errors = "$PSScriptRoot/about_LiveMigration_Errors.md"
$list = foreach ($fault in Get-Fault | Sort-Object Id -Culture '') {
    "### $($fault.Id)"
    Format-Lines "$($fault.Meaning) ($($fault.Category))"
    ''
    Format-Lines "Do: $($fault.Action)"
    ''
}
$page = [IO.File]::ReadAllText($errors)
$from, $to = '<!-- The list below is made by Update-Topics.ps1. -->', '<!-- The list ends here. -->'
$start, $end = $page.IndexOf($from), $page.IndexOf($to)
if ($start -lt 0 -or $end -lt $start) { throw "$errors does not say where its list begins and ends." }
Save $errors ($page = $page.Substring(0, $start + $from.Length) + "`n`n" + ($list -join "`n") + "`n" + $page.Substring($end))

foreach ($file in Get-ChildItem $PSScriptRoot -Filter 'about_*.md') {
    $text = $file.FullName -eq $errors ? $page : [IO.File]::ReadAllText($file)
    Save "$root/module/en-US/$($file.BaseName).help.txt" ((Format-Topic $text) -join "`n" -replace '$', "`n")
}
