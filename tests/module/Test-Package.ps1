# Takes the module that the build left as a user and a gallery would; what is wrong with it ends this script.
$ErrorActionPreference = 'Stop'
$root = Resolve-Path "$PSScriptRoot/../.."
$folder = (Get-ChildItem "$root/artifacts/module/LiveMigration" -Directory)[-1].FullName

$manifest = Test-ModuleManifest "$folder/LiveMigration.psd1"
Import-Module "$root/artifacts/module/LiveMigration"
"imported LiveMigration $($manifest.Version) with $((Get-Module LiveMigration).ExportedCmdlets.Count) cmdlets"

# What Publish-PSResource would send, where this PowerShell can make it.
if (Get-Command Compress-PSResource -ErrorAction Ignore) {
    Compress-PSResource -Path $folder -DestinationPath "$root/artifacts/package"
    (Get-ChildItem "$root/artifacts/package/*.nupkg").FullName
}
else {
    '==> left out: the nupkg (no Compress-PSResource; it comes with PSResourceGet 1.1)'
}
