using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Migration.Parameters;

namespace LiveMigration.PowerShell.Completion;

/// <summary>
/// Completes names of QEMU's migration parameters and capabilities. Which of them a VM has only its QEMU knows, and asking it taints
/// the VM: too much for pressing Tab.
/// </summary>
internal sealed class MigrationSettingCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        (parameterName == "Capability" ? LibvirtDomainParameters.CapabilityNames : LibvirtDomainParameters.ParameterNames)
            .Where(name => Completions.Matches(name, wordToComplete))
            .Select(name => Completions.Result(name, ""));
}
