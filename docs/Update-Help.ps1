# Makes the help in module/en-US from the pages beside this script; `./build.ps1 -Task Docs` calls it.
# A page for a new cmdlet starts as: New-MarkdownCommandHelp -CommandInfo (Get-Command NAME) -OutputFolder docs
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$pages = Get-ChildItem $PSScriptRoot -Filter '*-*.md'
$made = $pages | Import-MarkdownCommandHelp | Export-MamlCommandHelp -OutputFolder "$root/artifacts/help" -Force
$help = [xml](Get-Content $made.FullName -Raw)

function Add-Paragraph([System.Xml.XmlElement] $Parent, [string] $Text) {
    $paragraph = $help.CreateElement('maml', 'para', 'http://schemas.microsoft.com/maml/2004/10')
    $paragraph.InnerText = $Text
    $null = $Parent.AppendChild($paragraph)
}

# A line ends where the reader's window ends, not where the page's did; what is a list, a table or indented keeps its lines.
function Join-Line([string] $Text) { $Text -replace '\r' -replace '(?<!\n)\n(?!\n|- |\||    )', ' ' }

# PlatyPS leaves an example as one run of paragraphs. Get-Help knows code and remarks apart, and output keeps its lines.
function Format-Example([System.Xml.XmlElement] $Example, [string] $Page) {
    $Example.title = $Example.title.Trim('-', ' ')
    $text = [regex]::Match($Page, "(?s)\n### $([regex]::Escape($Example.title))\n(.*?)\n(?=##)").Groups[1].Value
    $code = [regex]::Match($text, '(?s)```powershell\n(.*?)\n```')
    $Example['dev:code'].InnerText = $code.Groups[1].Value
    $Example['maml:introduction'].RemoveAll()
    # Split by blocks, every other part is what stands in one.
    $block = $false
    foreach ($part in [regex]::Split($text.Remove($code.Index, $code.Length), '(?s)```\w*\n(.*?)\n```')) {
        $paragraphs = $block ? $part : @($part.Trim() -split '\n{2,}').Where({ $_ }).ForEach({ Join-Line $_ })
        foreach ($paragraph in $paragraphs) { Add-Paragraph $Example['dev:remarks'] $paragraph }
        $block = -not $block
    }
}

# Get-Help shows a default; PlatyPS writes none.
function Add-Default([System.Xml.XmlElement] $Parameter, [string] $Page) {
    $name = $Parameter['maml:name'].InnerText
    $value = [regex]::Match($Page, "(?s)\n### -$name\n.*?\nDefaultValue: '?(.*?)'?\n").Groups[1].Value
    if (-not $value) { return }
    $default = $help.CreateElement('dev', 'defaultValue', 'http://schemas.microsoft.com/maml/dev/2004/10')
    $default.InnerText = $value -replace "''", "'"
    $null = $Parameter.AppendChild($default)
}

foreach ($paragraph in @($help.GetElementsByTagName('maml:para'))) { $paragraph.InnerText = Join-Line $paragraph.InnerText }

foreach ($command in @($help.GetElementsByTagName('command:command'))) {
    $page = $pages | Where-Object BaseName -EQ $command.details['command:name'].InnerText
    $text = (Get-Content $page -Raw) -replace '\r'
    $links = $command['command:relatedLinks']
    foreach ($link in @($links.navigationLink).Where({ -not $_.uri })) { $null = $links.RemoveChild($link) }
    # A page is beside another page, and not beside the help.
    foreach ($link in @($links.navigationLink).Where({ $_.uri -notmatch '^https?:' })) { $link.uri = '' }
    foreach ($example in @($command.examples.example)) { Format-Example $example $text }
    foreach ($parameter in $command['command:parameters'].ChildNodes) { Add-Default $parameter $text }
}

$target = "$root/module/en-US/LiveMigration.PowerShell.dll-Help.xml"
$format = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new() }
$writer = [System.Xml.XmlWriter]::Create($target, $format)
$help.Save($writer)
$writer.Dispose()
"$($pages.Count) pages -> $target"

& "$PSScriptRoot/Update-Topics.ps1"
