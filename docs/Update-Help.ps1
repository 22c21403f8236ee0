# Makes the help in module/en-US from the pages beside this script; `./build.ps1 -Task Docs` calls it.
# A page for a new cmdlet starts as: New-MarkdownCommandHelp -CommandInfo (Get-Command NAME) -OutputFolder docs
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$pages = Get-ChildItem $PSScriptRoot -Filter '*-*.md'
$made = $pages | Import-MarkdownCommandHelp | Export-MamlCommandHelp -OutputFolder "$root/artifacts/help" -Force
$help = [xml](Get-Content $made.FullName -Raw)

# PlatyPS leaves an example as one run of paragraphs, code fences among them. Get-Help knows code and remarks apart.
function Format-Example([System.Xml.XmlElement] $Example) {
    $paragraphs = @($Example.introduction.para).Where({ $_ -ne [string][char]0x80 })
    $code = $paragraphs.Where({ $_.StartsWith('```powershell') }, 'First')[0]
    $Example.title = $Example.title.Trim('-', ' ')
    $Example['dev:code'].InnerText = $code -replace '```(powershell)?' -replace '^\s+|\s+$'
    $Example['maml:introduction'].RemoveAll()
    foreach ($text in $paragraphs.Where({ $_ -ne $code })) {
        $paragraph = $help.CreateElement('maml', 'para', 'http://schemas.microsoft.com/maml/2004/10')
        $paragraph.InnerText = $text -replace '```\w*\r?\n?'
        $null = $Example['dev:remarks'].AppendChild($paragraph)
    }
}

foreach ($command in @($help.GetElementsByTagName('command:command'))) {
    $page = $pages | Where-Object BaseName -EQ $command.details['command:name'].InnerText
    # A test compares this hash with the page's: help that was not made anew is found.
    $source = $help.CreateComment(" docs/$($page.Name) $((Get-FileHash $page).Hash) ")
    $null = $help.helpItems.InsertBefore($source, $command)
    $links = $command['command:relatedLinks']
    foreach ($link in @($links.navigationLink).Where({ -not $_.uri })) { $null = $links.RemoveChild($link) }
    # A page is beside another page, and not beside the help.
    foreach ($link in @($links.navigationLink).Where({ $_.uri -like '*.md' })) { $link.uri = '' }
    foreach ($example in @($command.examples.example)) { Format-Example $example }
}

# A line ends where the reader's window ends, not where the page's did.
foreach ($paragraph in @($help.GetElementsByTagName('maml:para'))) { $paragraph.InnerText = $paragraph.InnerText -replace '(?<!\n)\r?\n(?!\r?\n)', ' ' }

$target = "$root/module/en-US/LiveMigration.PowerShell.dll-Help.xml"
$format = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new() }
$writer = [System.Xml.XmlWriter]::Create($target, $format)
$help.Save($writer)
$writer.Dispose()
"$($pages.Count) pages -> $target"

& "$PSScriptRoot/Update-Topics.ps1"
