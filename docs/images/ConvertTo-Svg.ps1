<#
.SYNOPSIS
    Draws what is on a terminal's screen as an SVG.
.PARAMETER Screen
    A file with the screen's text and colours, as tmux capture-pane -e -p writes it.
.PARAMETER Path
    The SVG.
#>
param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Path)

$ErrorActionPreference = 'Stop'
$width, $height, $margin, $bar = 8.0, 18, 14, 30
$colours = '#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4',
    '#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#f0f6fc'
$plain = '#c9d1d9'

function Get-Colour([int] $Number) {
    if ($Number -lt 16) { return $colours[$Number] }
    if ($Number -ge 232) { $grey = 8 + ($Number - 232) * 10; return '#{0:x2}{0:x2}{0:x2}' -f $grey }
    $steps = 0, 95, 135, 175, 215, 255
    $n = $Number - 16
    '#{0:x2}{1:x2}{2:x2}' -f $steps[[Math]::Floor($n / 36)], $steps[[Math]::Floor($n / 6) % 6], $steps[$n % 6]
}

$lines = @(Get-Content $Screen)
$last = 0..($lines.Count - 1) | Where-Object { ($lines[$_] -replace '\e\[[\d;]*m').Trim() } | Select-Object -Last 1
# The prompt that waits for the next command belongs to the picture, and what is below it does not.
$lines = $lines[0..$last]
$columns = ($lines | ForEach-Object { ($_ -replace '\e\[[\d;]*m').TrimEnd().Length } | Measure-Object -Maximum).Maximum

$fore, $back, $bold = $null, $null, $false
$rows = for ($row = 0; $row -lt $lines.Count; $row++) {
    $column = 0
    $y = $bar + $margin + $row * $height
    foreach ($part in [regex]::Matches($lines[$row], '\e\[(?<sgr>[\d;]*)m|(?<text>[^\e]+)')) {
        if ($part.Groups['text'].Success) {
            $text = $part.Groups['text'].Value
            $x = $margin + $column * $width
            if ($back) { '<rect x="{0}" y="{1}" width="{2}" height="{3}" fill="{4}"/>' -f $x, $y, ($text.Length * $width), $height, $back }
            if ($text.Trim()) {
                $lead = $text.Length - $text.TrimStart().Length
                $word = $text.Trim()
                '<text x="{0}" y="{1}" textLength="{2}" fill="{3}"{4}>{5}</text>' -f ($x + $lead * $width), ($y + 13), ($word.Length * $width),
                    ($fore ?? $plain), ($bold ? ' font-weight="bold"' : ''), ([Security.SecurityElement]::Escape($word) -replace ' ', [char]0xa0)
            }
            $column += $text.Length
            continue
        }
        $codes = [System.Collections.Generic.Queue[int]]::new([int[]]@($part.Groups['sgr'].Value -split ';' | ForEach-Object { [int]"0$_" }))
        while ($codes.Count) {
            $code = $codes.Dequeue()
            switch ($code) {
                0 { $fore, $back, $bold = $null, $null, $false }
                1 { $bold = $true }
                22 { $bold = $false }
                39 { $fore = $null }
                49 { $back = $null }
                { $_ -in 30..37 } { $fore = $colours[$code - 30] }
                { $_ -in 90..97 } { $fore = $colours[$code - 82] }
                { $_ -in 40..47 } { $back = $colours[$code - 40] }
                { $_ -in 100..107 } { $back = $colours[$code - 92] }
                { $_ -in 38, 48 } {
                    $colour = $codes.Dequeue() -eq 5 ? (Get-Colour $codes.Dequeue()) : ('#{0:x2}{1:x2}{2:x2}' -f $codes.Dequeue(), $codes.Dequeue(), $codes.Dequeue())
                    if ($code -eq 38) { $fore = $colour } else { $back = $colour }
                }
            }
        }
    }
}

$w = [int](2 * $margin + $columns * $width)
$h = $bar + 2 * $margin + $lines.Count * $height
$svg = @"
<svg xmlns="http://www.w3.org/2000/svg" width="$w" height="$h" viewBox="0 0 $w $h" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13">
<rect width="$w" height="$h" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
$($rows -join "`n")
</svg>
"@
[IO.File]::WriteAllText([IO.Path]::GetFullPath($Path, $PWD), "$svg`n")
