# Modules that build.ps1 takes from the PowerShell Gallery into artifacts/tools/Modules where they are not installed: the
# version that is fetched; an installed one of the same major version serves if it is at least this.
@{
    'Microsoft.PowerShell.PlatyPS' = '1.0.1'
}
