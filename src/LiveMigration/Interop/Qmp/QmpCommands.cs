using System.Text.Json.Serialization;

namespace LiveMigration.Interop.Qmp;

/// <summary>Commands that every QEMU has, with their answers as values.</summary>
public static class QmpCommands
{
    /// <summary>Asks QEMU's version, which works behind libvirt as well.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<Version> QueryVersionAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var asking = monitor.ExecuteAsync("query-version", QmpJson.Default.QmpVersion, null, cancellationToken);
        return (await asking.ConfigureAwait(false)).Qemu?.Version ?? new Version(0, 0);
    }

    /// <summary>Asks whether the guest's CPUs run.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<VmStatus> QueryStatusAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        return monitor.ExecuteAsync("query-status", QmpJson.Default.VmStatus, null, cancellationToken);
    }

    /// <summary>Asks for the names of the commands that this QEMU knows.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<IReadOnlySet<string>> QueryCommandsAsync(
        this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var asking = monitor.ExecuteAsync("query-commands", QmpJson.Default.CommandNameArray, null, cancellationToken);
        return (await asking.ConfigureAwait(false)).Select(command => command.Name).ToHashSet();
    }

    /// <summary>Asks for the arguments that this QEMU takes with a command, with their types.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">This QEMU does not have the command.</exception>
    public static async Task<IReadOnlyList<QmpParameter>> QueryArgumentsAsync(this QmpClient monitor, string command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var asking = monitor.ExecuteAsync("query-qmp-schema", QmpJson.Default.QmpSchemaEntryArray, null, cancellationToken);
        return new QmpSchema(monitor.Name, await asking.ConfigureAwait(false)).Arguments(command);
    }
}

/// <summary>What <c>query-status</c> answers.</summary>
/// <param name="Running">Whether the CPUs run.</param>
/// <param name="Status">QEMU's <c>RunState</c>: <c>running</c>, <c>paused</c>, <c>postmigrate</c>, ….</param>
public sealed record VmStatus(bool Running, string Status);

/// <summary><c>CommandInfo</c>.</summary>
internal sealed record CommandName(string Name);
