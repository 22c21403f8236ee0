# The core goes into the default load context, so that scripts can name its types. The cmdlets and what they bring along go
# into a context of their own, so that no other module's copy of the same library matters. All runspaces share the context.
using namespace System.IO
using namespace System.Reflection
using namespace System.Runtime.Loader
using namespace System.Threading

$core = [Path]::Combine($PSScriptRoot, 'LiveMigration.dll')
$default = [AssemblyLoadContext]::Default

[Monitor]::Enter($default)
try {
    $null = $default.LoadFromAssemblyPath($core)
    $own = [AssemblyLoadContext]::All.Where({ $_.Name -eq 'LiveMigration' }, 'First')[0] ?? [AssemblyLoadContext]::new('LiveMigration')
    foreach ($library in [Directory]::EnumerateFiles($PSScriptRoot, '*.dll')) {
        if ($library -ne $core) { $null = $own.LoadFromAssemblyPath($library) }
    }
}
catch [FileLoadException] {
    throw "Another build of LiveMigration is loaded in this process; start a new PowerShell to use '$PSScriptRoot'. ($_)"
}
finally {
    [Monitor]::Exit($default)
}

$assembly = $own.Assemblies.Where({ $_.GetName().Name -eq 'LiveMigration.PowerShell' }, 'First')[0]
$inner = Import-Module -Assembly $assembly -PassThru

# A second import finds the inner module in a cache and forgets to hand its cmdlets on (PowerShell issue 20710).
$handOn = [psmoduleinfo].GetMethod('AddExportedCmdlet', [BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    $null = $handOn.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}
