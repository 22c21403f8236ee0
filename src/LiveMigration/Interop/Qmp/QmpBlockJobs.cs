using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>The commands that copy disks: exports on the destination, mirrors on the source.</summary>
internal static class QmpBlockJobs
{
    /// <summary>Offers disks over NBD.</summary>
    /// <param name="monitor">The destination.</param>
    /// <param name="address">Where.</param>
    /// <param name="tls">The object of its certificates; null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static Task StartNbdServerAsync(this QmpClient monitor, QmpSocketAddress address, string? tls, CancellationToken cancellationToken = default)
    {
        var data = address.Type is "unix" ? new JsonObject { ["path"] = address.Path } : new JsonObject { ["host"] = address.Host, ["port"] = address.Port };
        var arguments = new JsonObject { ["addr"] = new JsonObject { ["type"] = address.Type, ["data"] = data } };
        if (tls is not null)
            arguments["tls-creds"] = tls;
        return monitor.ExecuteAsync("nbd-server-start", arguments, cancellationToken);
    }

    internal static Task StopNbdServerAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("nbd-server-stop", null, cancellationToken);

    /// <summary>Offers one disk for writing.</summary>
    internal static Task AddNbdExportAsync(this QmpClient monitor, string id, string node, string name, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync(
            "block-export-add",
            new JsonObject { ["type"] = "nbd", ["id"] = id, ["node-name"] = node, ["name"] = name, ["writable"] = true },
            cancellationToken);

    /// <summary>Makes a node of a disk that another QEMU offers.</summary>
    internal static Task AddNbdNodeAsync(this QmpClient monitor, string node, QmpSocketAddress address, string export, string? tls, string? tlsName, CancellationToken cancellationToken = default)
    {
        var server = new JsonObject { ["type"] = address.Type };
        if (address.Type is "unix")
            server["path"] = address.Path;
        else
            (server["host"], server["port"]) = (address.Host, address.Port);
        var arguments = new JsonObject { ["driver"] = "nbd", ["node-name"] = node, ["server"] = server, ["export"] = export };
        if (tls is not null)
            arguments["tls-creds"] = tls;
        if (tlsName is not null)
            arguments["tls-hostname"] = tlsName;
        return monitor.ExecuteAsync("blockdev-add", arguments, cancellationToken);
    }

    internal static Task RemoveNodeAsync(this QmpClient monitor, string node, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("blockdev-del", new JsonObject { ["node-name"] = node }, cancellationToken);

    /// <summary>Copies a disk, and from then on what the guest writes.</summary>
    /// <param name="monitor">The source.</param>
    /// <param name="job">What to call it.</param>
    /// <param name="device">The disk's node.</param>
    /// <param name="target">The node that it is copied to.</param>
    /// <param name="top">Whether only what is in the topmost image is copied, and nothing of its backing files.</param>
    /// <param name="synchronous">Whether a write of the guest ends only when it is on both sides.</param>
    /// <param name="speed">Bytes per second; 0 is no limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static Task StartMirrorAsync(this QmpClient monitor, string job, string device, string target, bool top, bool synchronous, long speed, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync(
            "blockdev-mirror",
            new JsonObject
            {
                ["job-id"] = job,
                ["device"] = device,
                ["target"] = target,
                ["sync"] = top ? "top" : "full",
                ["copy-mode"] = synchronous ? "write-blocking" : "background",
                ["speed"] = speed,
                ["auto-finalize"] = true,
                ["auto-dismiss"] = false,
            },
            cancellationToken);

    /// <summary>From now on a write of the guest ends only when it is on both sides (8.2).</summary>
    internal static Task MakeMirrorSynchronousAsync(this QmpClient monitor, string job, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("block-job-change", new JsonObject { ["id"] = job, ["type"] = "mirror", ["copy-mode"] = "write-blocking" }, cancellationToken);

    internal static Task SetBlockJobSpeedAsync(this QmpClient monitor, string job, long speed, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("block-job-set-speed", new JsonObject { ["device"] = job, ["speed"] = speed }, cancellationToken);

    /// <summary>Ends a mirror. Without force, of one that is ready: when both sides are the same, and the guest stays on its own. With force: as it is.</summary>
    internal static Task EndMirrorAsync(this QmpClient monitor, string job, bool force, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("block-job-cancel", new JsonObject { ["device"] = job, ["force"] = force }, cancellationToken);

    internal static Task DismissJobAsync(this QmpClient monitor, string job, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("job-dismiss", new JsonObject { ["id"] = job }, cancellationToken);

    internal static Task<QmpJob[]> QueryJobsAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("query-jobs", QmpJson.Default.QmpJobArray, null, cancellationToken);

    /// <summary>The guest is paused: now the rest is sent.</summary>
    internal static Task ContinueMigrationAsync(this QmpClient monitor, string state, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("migrate-continue", new JsonObject { ["state"] = state }, cancellationToken);
}

/// <summary><c>JobInfo</c>.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="Type">For example <c>mirror</c>.</param>
/// <param name="Status"><c>running</c>, <c>ready</c>, <c>concluded</c>, ….</param>
/// <param name="CurrentProgress">Bytes that are copied.</param>
/// <param name="TotalProgress">Bytes that there are; it grows while the guest writes.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
internal sealed record QmpJob(string Id, string Type, string Status, long CurrentProgress, long TotalProgress, string? Error);
