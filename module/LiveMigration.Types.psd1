# Read by the loader, after it knows that this build is the one of this process: another build's types would clash with these before
# it could say so. A manifest and not Update-TypeData, which would load PowerShell's Utility module: half of what an import cost.
@{
    ModuleVersion  = '1.0'
    TypesToProcess = @('LiveMigration.Types.ps1xml')
}
