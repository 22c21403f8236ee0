using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LiveMigration.Interop.Qmp;

/// <summary>What a copy of disks left in QEMU. To be asked for only where libvirt has no job for the domain, whose parts these would be.</summary>
internal static partial class QmpCopyLeftovers
{
    /// <summary>In the order in which they can be removed.</summary>
    internal static async Task<IReadOnlyList<CopyLeftover>> QueryCopyLeftoversAsync(this QmpClient monitor, CancellationToken cancellationToken)
    {
        var nodes = await monitor.ExecuteAsync("query-named-block-nodes", new JsonObject { ["flat"] = true }, cancellationToken).ConfigureAwait(false);
        var jobs = await monitor.ExecuteAsync("query-block-jobs", null, cancellationToken).ConfigureAwait(false);
        var exports = await monitor.ExecuteAsync("query-block-exports", null, cancellationToken).ConfigureAwait(false);
        return Of(nodes, jobs, exports);
    }

    /// <summary>Removes one; a job ends some time after its answer.</summary>
    internal static Task RemoveAsync(this QmpClient monitor, CopyLeftover one, CancellationToken cancellationToken)
    {
        var (command, arguments) = one.Kind switch
        {
            CopyLeftoverKind.Job => ("block-job-cancel", new JsonObject { ["device"] = one.Name, ["force"] = true }),
            CopyLeftoverKind.Export => ("block-export-del", new JsonObject { ["id"] = one.Name, ["mode"] = "hard" }),
            _ => ("blockdev-del", new JsonObject { ["node-name"] = one.Name }),
        };
        return monitor.ExecuteAsync(command, arguments, cancellationToken);
    }

    /// <param name="nodes">The answer to <c>query-named-block-nodes</c>.</param>
    /// <param name="jobs">The answer to <c>query-block-jobs</c>.</param>
    /// <param name="exports">The answer to <c>query-block-exports</c>.</param>
    internal static IReadOnlyList<CopyLeftover> Of(JsonElement nodes, JsonElement jobs, JsonElement exports)
    {
        // A format lies on its storage, and goes first.
        var targets = nodes.EnumerateArray().Select(node => Text(node, "node-name")).Where(name => Node().IsMatch(name)).Distinct()
            .OrderBy(name => name.EndsWith("-storage", StringComparison.Ordinal)).Select(name => new CopyLeftover(CopyLeftoverKind.Node, name)).ToArray();
        // Jobs and exports that somebody else made through the monitor have other names; a mirror of libvirt's has such a target.
        return
        [
            .. jobs.EnumerateArray().Where(job => targets.Length > 0 && Text(job, "type") == "mirror").Select(job => Text(job, "device"))
                .Where(name => name.StartsWith("drive-", StringComparison.Ordinal)).Select(name => new CopyLeftover(CopyLeftoverKind.Job, name)),
            .. exports.EnumerateArray().Where(export => Text(export, "type") == "nbd").Select(export => Text(export, "id"))
                .Where(name => name.StartsWith("libvirt-nbd-", StringComparison.Ordinal)).Select(name => new CopyLeftover(CopyLeftoverKind.Export, name)),
            .. targets,
        ];
    }

    private static string Text(JsonElement thing, string name) => thing.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    [GeneratedRegex("^migration-.+-(format|storage)$")]
    private static partial Regex Node();
}
