using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>Dirty bitmaps, and which of them a migration takes along.</summary>
internal static class QmpBitmaps
{
    /// <summary>Makes a node that stores nothing.</summary>
    internal static Task AddNullNodeAsync(this QmpClient monitor, string node, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("blockdev-add", new JsonObject { ["driver"] = "null-co", ["node-name"] = node, ["size"] = 65536 }, cancellationToken);

    internal static Task AddBitmapAsync(this QmpClient monitor, string node, string bitmap, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("block-dirty-bitmap-add", new JsonObject { ["node"] = node, ["name"] = bitmap }, cancellationToken);

    internal static Task RemoveBitmapAsync(this QmpClient monitor, string node, string bitmap, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("block-dirty-bitmap-remove", new JsonObject { ["node"] = node, ["name"] = bitmap }, cancellationToken);

    internal static async Task<bool> HasBitmapAsync(this QmpClient monitor, string node, string bitmap, CancellationToken cancellationToken = default)
    {
        var nodes = await monitor.ExecuteAsync("query-named-block-nodes", new JsonObject { ["flat"] = true }, cancellationToken).ConfigureAwait(false);
        return nodes.EnumerateArray().Any(one => Text(one, "node-name") == node
            && one.TryGetProperty("dirty-bitmaps", out var bitmaps) && bitmaps.EnumerateArray().Any(other => Text(other, "name") == bitmap));
    }

    /// <summary>Whether any node has a dirty bitmap.</summary>
    internal static async Task<bool> HasBitmapsAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var nodes = await monitor.ExecuteAsync("query-named-block-nodes", new JsonObject { ["flat"] = true }, cancellationToken).ConfigureAwait(false);
        return nodes.EnumerateArray().Any(one => one.TryGetProperty("dirty-bitmaps", out var bitmaps) && bitmaps.GetArrayLength() > 0);
    }

    /// <summary>Has a migration take one bitmap along, by its own name, and no other (5.2).</summary>
    internal static Task TakeBitmapAlongAsync(this QmpClient monitor, string node, string bitmap, CancellationToken cancellationToken = default) =>
        monitor.SetBitmapMappingAsync(
            [new JsonObject { ["node-name"] = node, ["alias"] = node, ["bitmaps"] = new JsonArray(new JsonObject { ["name"] = bitmap, ["alias"] = bitmap }) }], cancellationToken);

    /// <summary>Puts the mapping back as <c>query-migrate-parameters</c> had it, as JSON; null for an empty one.</summary>
    internal static Task RestoreBitmapMappingAsync(this QmpClient monitor, string? mapping, CancellationToken cancellationToken = default) =>
        monitor.SetBitmapMappingAsync(mapping is null ? [] : JsonNode.Parse(mapping)!.AsArray(), cancellationToken);

    private static Task<JsonElement> SetBitmapMappingAsync(this QmpClient monitor, JsonArray mapping, CancellationToken cancellationToken) =>
        monitor.ExecuteAsync("migrate-set-parameters", new JsonObject { ["block-bitmap-mapping"] = mapping }, cancellationToken);

    private static string? Text(JsonElement thing, string name) => thing.TryGetProperty(name, out var text) ? text.GetString() : null;
}
