<#
.SYNOPSIS
    Copies into the pages beside this script what the cmdlets themselves know; the prose stays as it is.

.DESCRIPTION
    Rewrites of each page the syntax, the facts about each parameter (type, position, aliases, sets, pipeline input, accepted values, the
    default that the code has) and the properties of what the cmdlet writes. A default that the code only has further in, and the text of a
    property, are kept as the page has them; a new property gets its summary from the build's XML documentation.
    Needs the built module, and no other. Afterwards make the help with ./build.ps1 -Task Docs.

.PARAMETER Path
    The folder with the pages.

.PARAMETER Check
    Writes a line for each page that would change, and changes nothing.
#>
[CmdletBinding()]
param([string] $Path = $PSScriptRoot, [switch] $Check)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
if (-not (Get-Module LiveMigration)) { Import-Module (Get-Item "$root/artifacts/module/LiveMigration/*/LiveMigration.psd1").FullName }

$common = @'
### CommonParameters

This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).
'@

$summaries = @{}
$documentation = Get-Item "$root/artifacts/bin/LiveMigration/release/LiveMigration.xml" -ErrorAction Ignore
if ($documentation) {
    foreach ($member in ([xml](Get-Content $documentation -Raw)).doc.members.member) {
        $summaries[$member.name] = $member.SelectSingleNode('summary')
        foreach ($parameter in $member.SelectNodes('param')) { $summaries["$($member.name) $($parameter.name)"] = $parameter }
    }
}

# The summary of a property as one line of Markdown.
function Get-Summary([Reflection.PropertyInfo] $Property) {
    $type = $Property.DeclaringType.FullName
    $node = $summaries["P:$type.$($Property.Name)"] ?? $summaries["T:$type $($Property.Name)"]
    if (-not $node) { return '' }
    $text = $node.InnerXml -replace '<(?:see|paramref) (?:cref|name|langword)="(?:\w:)?(?:[^"]*\.)?([^".(]+)[^"]*" ?/>', '$1' -replace '</?c>', '`' -replace '<[^>]+>'
    [Net.WebUtility]::HtmlDecode($text) -replace '\s+', ' ' -replace '^ | $'
}

# A type's name as PowerShell users write it: without namespace, and of T? the T.
function Get-TypeName([type] $Type) {
    $bare = [Nullable]::GetUnderlyingType($Type) ?? $Type
    if (-not $bare.IsGenericType) { return $bare.Name }
    $arguments = $bare.GetGenericArguments().ForEach({ Get-TypeName $_ })
    if ($bare.Name -match 'List|Collection|Enumerable' -and $arguments.Count -eq 1) { return "$arguments[]" }
    '{0}<{1}>' -f ($bare.Name -replace '`.*'), ($arguments -join ', ')
}

function Get-Syntax([Management.Automation.CommandInfo] $Command) {
    foreach ($set in $Command.ParameterSets | Sort-Object { -not $_.IsDefault }, Name) {
        $several = $Command.ParameterSets.Count -gt 1
        $lines = @($Command.Name)
        foreach ($token in $set.ToString() -split ' (?=\[{0,2}-\w|\[<Common)') {
            if ($lines[-1].Length + $token.Length -gt 110) { $lines += '' }
            $lines[-1] += " $token"
        }
        "### $($set.Name)$($several -and $set.IsDefault ? ' (Default)' : '')", '', '```', ($lines -join "`n"), '```', ''
    }
}

function Format-Yaml([string] $Value) { $Value -match '^\w[\w ./%~-]*$' ? $Value : "'$($Value -replace "'", "''")'" }

function Format-YamlList([string] $Name, [string[]] $Values) {
    if ($Values) { "${Name}:"; $Values.ForEach({ "- $_" }) } else { "${Name}: []" }
}

function Get-Fact([Management.Automation.ParameterMetadata] $Parameter, [object] $Cmdlet, [string] $Known) {
    $type = $Parameter.ParameterType
    $default = $Known
    $property = $Cmdlet.GetType().GetProperty($Parameter.Name)
    # Mandatory in one set: in another, what is typed for the parameter before it may be its value, and still it has no default.
    $mandatory = [bool] $Parameter.ParameterSets.Values.Where({ $_.IsMandatory })
    $value = $property -and -not $mandatory ? $property.GetValue($Cmdlet) : $null
    if ($Parameter.SwitchParameter) { $default = 'False' }
    elseif ($mandatory) { $default = '' }
    elseif ("$value" -and "$($Known -as $type)" -ne "$value") { $default = @($value) -join ', ' }
    $element = [Nullable]::GetUnderlyingType($type) ?? ($type.IsArray ? $type.GetElementType() : $type)
    $accepted = $Parameter.Attributes.Where({ $_ -is [ValidateSet] }).ForEach({ $_.ValidValues })
    if (-not $accepted -and $element.IsEnum) { $accepted = [enum]::GetNames($element) }

    '```yaml'
    "Type: $(Get-TypeName $type)"
    "DefaultValue: $(Format-Yaml $default)"
    "SupportsWildcards: $("$([bool]$Parameter.Attributes.Where({ $_ -is [SupportsWildcards] }))".ToLower())"
    Format-YamlList Aliases $Parameter.Aliases
    'ParameterSets:'
    foreach ($set in $Parameter.ParameterSets.GetEnumerator() | Sort-Object Key) {
        "- Name: $($set.Key -replace '^__AllParameterSets$', '(All)')"
        "  Position: $($set.Value.Position -lt 0 ? 'Named' : $set.Value.Position)"
        "  IsRequired: $("$($set.Value.IsMandatory)".ToLower())"
        "  ValueFromPipeline: $("$($set.Value.ValueFromPipeline)".ToLower())"
        "  ValueFromPipelineByPropertyName: $("$($set.Value.ValueFromPipelineByPropertyName)".ToLower())"
        "  ValueFromRemainingArguments: $("$($set.Value.ValueFromRemainingArguments)".ToLower())"
    }
    "DontShow: $("$([bool]$Parameter.Attributes.Where({ $_ -is [Parameter] -and $_.DontShow }))".ToLower())"
    Format-YamlList AcceptedValues $accepted
    "HelpMessage: ''"
    '```'
}

function Get-Property([string] $TypeName, [hashtable] $Known) {
    $type = $command.OutputType.Type | Where-Object FullName -EQ $TypeName
    if (-not $type) { throw "$($command.Name) does not write $TypeName." }
    if ($type.Namespace -notlike 'LiveMigration*') { return }
    foreach ($property in $type.GetProperties([Reflection.BindingFlags]'Public, Instance').Where({ -not $_.GetIndexParameters() })) {
        $about = $Known[$property.Name] ?? (Get-Summary $property)
        "- $($property.Name) ($(Get-TypeName $property.PropertyType))$($about ? ": $about" : '')"
    }
}

# The parts of a section: each heading of the third level with the text below it.
function Split-Part([string] $Section) {
    foreach ($part in [regex]::Split($Section, '(?m)^### ') | Select-Object -Skip 1) {
        $heading, $text = $part -split '\r?\n', 2
        [pscustomobject]@{ Heading = $heading.Trim(); Text = "$text".Trim() }
    }
}

function Update-Parameters([string] $Section) {
    $parts = Split-Part $Section | Where-Object Heading -Like '-*' | Group-Object { $_.Heading.TrimStart('-') } -AsHashTable -AsString
    $cmdlet = [Activator]::CreateInstance($command.ImplementingType)
    $hidden = [Management.Automation.Cmdlet]::CommonParameters
    foreach ($name in $command.Parameters.Keys | Where-Object { $_ -notin $hidden } | Sort-Object) {
        $text = $parts ? ($parts[$name].Text ?? '') : ''
        $known = [regex]::Match($text, "(?m)^DefaultValue: '?(.*?)'?\r?$").Groups[1].Value -replace "''", "'"
        $prose = ($text -replace '(?s)```yaml.*?```').Trim()
        "### -$name", '', ($prose ? $prose : '{{ Fill in }}'), '', ((Get-Fact $command.Parameters[$name] $cmdlet $known) -join "`n"), ''
    }
    $common
}

function Update-Outputs([string] $Section) {
    foreach ($part in Split-Part $Section) {
        $known = @{}
        foreach ($line in [regex]::Matches($part.Text, '(?m)^- (\w+) \(.*?\): (.+?)\r?$')) { $known[$line.Groups[1].Value] = $line.Groups[2].Value }
        "### $($part.Heading)", '', ($part.Text -split '(?m)^- \w+ \(', 2)[0].Trim(), ''
        $properties = @(Get-Property $part.Heading $known)
        if ($properties) { ($properties -join "`n"), '' }
    }
}

foreach ($page in Get-ChildItem $Path -Filter '*-*.md') {
    $command = Get-Command "LiveMigration\$($page.BaseName)"
    $old = (Get-Content $page -Raw) -replace "`r"
    # A heading in a code block is none of the page's, and no page has one.
    $sections = [regex]::Split($old, '(?m)^(?=## )')
    $new = foreach ($section in $sections) {
        switch -Regex ($section) {
            '^## SYNTAX' { '## SYNTAX', '', ((Get-Syntax $command) -join "`n"); break }
            '^## PARAMETERS' { '## PARAMETERS', '', ((Update-Parameters $section) -join "`n"), ''; break }
            '^## OUTPUTS' { '## OUTPUTS', '', ((Update-Outputs $section) -join "`n"); break }
            default { $section.TrimEnd(), '' }
        }
    }
    $text = ((($new | ForEach-Object { $_ }) -join "`n") -replace '\n{3,}', "`n`n").TrimEnd() + "`n"
    if ($text -ceq $old) { continue }
    if (-not $Check) { Set-Content $page $text -NoNewline; "updated $($page.Name)"; continue }
    $olds, $news = ($old -split "`n"), ($text -split "`n")
    $line = 0
    while ($olds[$line] -ceq $news[$line]) { $line++ }
    "docs/$($page.Name), line $($line + 1): '$($olds[$line])', but the cmdlet says '$($news[$line])'. Run docs/Update-Pages.ps1."
}
