using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>The commands that carry out a migration.</summary>
internal static class QmpMigrate
{
    /// <summary>From this QEMU on, a destination that fails can stay and say why.</summary>
    private static readonly Version StaysOnError = new(9, 1);

    /// <summary>How a migration stands, on either side.</summary>
    internal static Task<QmpMigrationInfo> QueryMigrationAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("query-migrate", QmpJson.Default.QmpMigrationInfo, null, cancellationToken);

    /// <summary>Starts to send; returns when it has begun.</summary>
    /// <param name="monitor">The source.</param>
    /// <param name="uri">Where to, for example <c>tcp:10.0.0.2:4444</c> or <c>unix:/run/vm1.migration</c>.</param>
    /// <param name="resume">Whether it joins the halves of a post-copy that broke.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static Task MigrateAsync(this QmpClient monitor, string uri, bool resume = false, CancellationToken cancellationToken = default)
    {
        var arguments = new JsonObject { ["uri"] = uri };
        if (resume)
            arguments["resume"] = true;
        return monitor.ExecuteAsync("migrate", arguments, cancellationToken);
    }

    /// <summary>Starts to listen, once in the life of a QEMU that was started with <c>-incoming defer</c>.</summary>
    /// <param name="monitor">The destination.</param>
    /// <param name="uri">Where, for example <c>tcp:0.0.0.0:0</c>.</param>
    /// <param name="exitOnError">Whether QEMU exits when it fails (9.1); null leaves that out.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static Task MigrateIncomingAsync(this QmpClient monitor, string uri, bool? exitOnError, CancellationToken cancellationToken = default)
    {
        var arguments = new JsonObject { ["uri"] = uri };
        if (exitOnError is { } exits)
            arguments["exit-on-error"] = exits;
        return monitor.ExecuteAsync("migrate-incoming", arguments, cancellationToken);
    }

    /// <summary>Has it receive a guest, and stay and say why where it cannot, if this QEMU does that (9.1).</summary>
    internal static Task ReceiveAsync(this QmpClient monitor, string uri, CancellationToken cancellationToken = default) =>
        monitor.MigrateIncomingAsync(uri, monitor.QemuVersion >= StaysOnError ? false : null, cancellationToken);

    internal static Task CancelMigrationAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("migrate_cancel", null, cancellationToken);

    internal static Task StartPostCopyAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("migrate-start-postcopy", null, cancellationToken);

    /// <summary>Parts the halves of a post-copy. Out of band where the monitor takes that: what is in its way may be the silent link itself.</summary>
    internal static Task PausePostCopyAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.UrgentlyAsync("migrate-pause", null, cancellationToken);

    /// <summary>Has the destination's half of a broken post-copy listen again.</summary>
    internal static Task RecoverPostCopyAsync(this QmpClient monitor, string uri, CancellationToken cancellationToken = default) =>
        monitor.UrgentlyAsync("migrate-recover", new JsonObject { ["uri"] = uri }, cancellationToken);

    internal static Task SetMigrationCapabilitiesAsync(
        this QmpClient monitor, IReadOnlyDictionary<string, bool> capabilities, CancellationToken cancellationToken = default)
    {
        var all = capabilities.Select(capability => (JsonNode)new JsonObject { ["capability"] = capability.Key, ["state"] = capability.Value });
        return capabilities.Count == 0
            ? Task.CompletedTask
            : monitor.ExecuteAsync("migrate-set-capabilities", new JsonObject { ["capabilities"] = new JsonArray([.. all]) }, cancellationToken);
    }

    internal static Task SetMigrationParametersAsync(
        this QmpClient monitor, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken = default) =>
        parameters.Count == 0
            ? Task.CompletedTask
            : monitor.ExecuteAsync(
                "migrate-set-parameters",
                new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)QmpMigration.Node(parameter.Value)))),
                cancellationToken);

    /// <summary>Has the guest's CPUs run. On a destination that still receives, once it has all.</summary>
    internal static Task ContinueAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("cont", null, cancellationToken);

    /// <summary>Stops the guest's CPUs. On a destination that waits or receives: they are not started when it has all.</summary>
    internal static Task StopAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("stop", null, cancellationToken);

    /// <summary>Ends the process.</summary>
    internal static Task QuitAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("quit", null, cancellationToken);

    /// <summary>Makes an object of certificates, which are checked.</summary>
    internal static Task AddTlsCredentialsAsync(this QmpClient monitor, string id, string folder, string endpoint, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync(
            "object-add",
            new JsonObject { ["qom-type"] = "tls-creds-x509", ["id"] = id, ["dir"] = folder, ["endpoint"] = endpoint, ["verify-peer"] = true },
            cancellationToken);

    internal static Task RemoveObjectAsync(this QmpClient monitor, string id, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("object-del", new JsonObject { ["id"] = id }, cancellationToken);

    private static Task<JsonElement> UrgentlyAsync(this QmpClient monitor, string command, JsonObject? arguments, CancellationToken cancellationToken) =>
        monitor.SupportsOutOfBand
            ? monitor.ExecuteOutOfBandAsync(command, arguments, cancellationToken)
            : monitor.ExecuteAsync(command, arguments, cancellationToken);
}
