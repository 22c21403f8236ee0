# The cmdlets are in LiveMigration.PowerShell.dll. This adds `Should -BeMigrationReady`, where Pester is loaded already.
# Plain statements only: a script block, a `using namespace` or a first call of a method costs an import 3 to 20 ms.
if (Get-Module Pester) { . "$PSScriptRoot/LiveMigration.Pester.ps1" }
