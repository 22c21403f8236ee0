using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A connected QEMU as a user names it: its name with wildcards, its monitor's address, or the object.</summary>
public sealed class QemuReference : IReference
{
    /// <summary>A QEMU by what was typed.</summary>
    /// <param name="name">Its name, with wildcards if several are meant, or its monitor's address.</param>
    public QemuReference(string name) => Text = name?.Trim() ?? "";

    /// <summary>A QEMU itself.</summary>
    /// <param name="process">Output of <c>Connect-QemuProcess</c>.</param>
    public QemuReference(QemuProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        (Text, Process) = (process.Name, process);
    }

    /// <summary>A QEMU by its monitor.</summary>
    /// <param name="address">The property Address of a QEMU.</param>
    public QemuReference(QemuAddress address) => Text = address?.Text ?? "";

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The QEMU itself, when it was given.</summary>
    internal QemuProcess? Process { get; }

    internal bool HasWildcard => Process is null && WildcardPattern.ContainsWildcardCharacters(Text);

    /// <summary>The QEMUs that are meant.</summary>
    /// <exception cref="LiveMigrationException">None is, and no pattern was given.</exception>
    internal IReadOnlyList<QemuProcess> Resolve()
    {
        if (Process is not null)
            return [Process];
        var pattern = WildcardPattern.Get(Text, WildcardOptions.IgnoreCase);
        var address = TryAddress(Text);
        QemuProcess[] found = [.. QemuSessions.All.Where(process => pattern.IsMatch(process.Name) || process.Address == address)];
        if (found.Length > 0 || HasWildcard)
            return found;
        var near = NearNames.Ask(NearNames.Of(Text, QemuSessions.All.Select(process => process.Name)));
        throw new LiveMigrationException(CmdletFaults.QemuNotConnected, $"No QEMU is connected as '{Text}'.{(near is null ? "" : " " + near)}", Text);
    }

    /// <summary>The one that is meant.</summary>
    /// <exception cref="LiveMigrationException">There is none, or there are several.</exception>
    internal QemuProcess ResolveOne() => Resolve() switch
    {
        [var one] => one,
        [] => throw new LiveMigrationException(CmdletFaults.QemuNotConnected, $"No QEMU is connected as '{Text}'.", Text),
        var several => throw new LiveMigrationException(
            CmdletFaults.AmbiguousQemu, $"'{Text}' is {string.Join(" and ", several.Select(process => process.Address))}: give the address.", Text),
    };

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;

    private static QemuAddress? TryAddress(string text)
    {
        try
        {
            return QemuAddress.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
