# The core goes into the default load context, so that scripts can name its types. The cmdlets and what they bring along go
# into a context of their own, so that no other module's copy of the same library matters. All runspaces share the context.
# Plain statements only: a script block, a `using namespace` or a first call of a method costs an import 3 to 20 ms.
$default = [System.Runtime.Loader.AssemblyLoadContext]::Default
$own = $null

[System.Threading.Monitor]::Enter($default)
try {
    $null = $default.LoadFromAssemblyPath("$PSScriptRoot/LiveMigration.dll")
    foreach ($context in [System.Runtime.Loader.AssemblyLoadContext]::All) {
        if ($context.Name -eq 'LiveMigration') { $own = $context }
    }
    $again = $null -ne $own
    $own ??= [System.Runtime.Loader.AssemblyLoadContext]::new('LiveMigration')
    $assembly = $own.LoadFromAssemblyPath("$PSScriptRoot/LiveMigration.PowerShell.dll")
}
catch [System.IO.FileLoadException] {
    throw "Another build of LiveMigration is loaded in this process; start a new PowerShell to use '$PSScriptRoot'. ($_)"
}
finally {
    [System.Threading.Monitor]::Exit($default)
}

Import-Module "$PSScriptRoot/LiveMigration.Types.psd1"

$inner = Import-Module -Assembly $assembly -PassThru
if ($again) {
    # A second import finds the inner module in a cache and forgets to hand its cmdlets on (PowerShell issue 20710).
    $handOn = [psmoduleinfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
    foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
        $null = $handOn.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
    }
}

if (Get-Module Pester) { . "$PSScriptRoot/LiveMigration.Pester.ps1" }
