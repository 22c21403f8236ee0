# Takes the module that the build left as a user and a gallery would; what is wrong with it ends this script.
$ErrorActionPreference = 'Stop'
$root = Resolve-Path "$PSScriptRoot/../.."

$module = Import-Module "$root/artifacts/module/LiveMigration" -PassThru
$manifest = Test-ModuleManifest "$($module.ModuleBase)/LiveMigration.psd1"
$missing = $manifest.ExportedCmdlets.Keys | Where-Object { -not $module.ExportedCmdlets.ContainsKey($_) }
if ($missing) { throw "The manifest promises what the module has not: $($missing -join ', ')" }
"LiveMigration $($module.Version) imports, with $($module.ExportedCmdlets.Count) cmdlets"

# What Publish-PSResource would send, where this PowerShell can make it.
if (Get-Command Compress-PSResource -ErrorAction Ignore) {
    Compress-PSResource -Path $module.ModuleBase -DestinationPath "$root/artifacts/package" -PassThru | ForEach-Object FullName
}
else {
    '==> left out: the nupkg (no Compress-PSResource; it comes with PSResourceGet 1.1)'
}
