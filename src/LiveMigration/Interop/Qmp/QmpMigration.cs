using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>QEMU's migration parameters and capabilities.</summary>
internal static class QmpMigration
{
    /// <summary>The parameters that this QEMU takes, with their types.</summary>
    internal static Task<IReadOnlyList<QmpParameter>> QueryMigrationParameterTypesAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.QueryArgumentsAsync("migrate-set-parameters", cancellationToken);

    /// <summary>What they are now: a number (<see cref="long"/>, or <see cref="ulong"/> above it), a truth, a text; a structure as its JSON.</summary>
    internal static async Task<IReadOnlyDictionary<string, object>> QueryMigrationParametersAsync(
        this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var answer = await monitor.ExecuteAsync("query-migrate-parameters", null, cancellationToken).ConfigureAwait(false);
        return answer.EnumerateObject().ToDictionary(property => property.Name, property => Value(property.Value));
    }

    internal static Task SetMigrationParameterAsync(
        this QmpClient monitor, string name, object value, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("migrate-set-parameters", new JsonObject { [name] = Node(value) }, cancellationToken);

    internal static async Task<IReadOnlyList<QmpCapability>> QueryMigrationCapabilitiesAsync(
        this QmpClient monitor, CancellationToken cancellationToken = default) =>
        await monitor.ExecuteAsync(
            "query-migrate-capabilities", QmpJson.Default.QmpCapabilityArray, null, cancellationToken).ConfigureAwait(false);

    internal static Task SetMigrationCapabilityAsync(
        this QmpClient monitor, string name, bool enabled, CancellationToken cancellationToken = default)
    {
        var capability = new JsonObject { ["capability"] = name, ["state"] = enabled };
        return monitor.ExecuteAsync(
            "migrate-set-capabilities", new JsonObject { ["capabilities"] = new JsonArray(capability) }, cancellationToken);
    }

    /// <summary>How the migration stands (<c>MigrationStatus</c>); null when there has been none.</summary>
    internal static async Task<string?> QueryMigrationStatusAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var answer = await monitor.ExecuteAsync("query-migrate", null, cancellationToken).ConfigureAwait(false);
        return answer.TryGetProperty("status", out var status) ? status.GetString() : null;
    }

    /// <summary>What blocks a migration, in QEMU's words (QEMU 6.0); empty when nothing does.</summary>
    internal static async Task<IReadOnlyList<string>> QueryBlockedReasonsAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var answer = await monitor.ExecuteAsync("query-migrate", null, cancellationToken).ConfigureAwait(false);
        return answer.TryGetProperty("blocked-reasons", out var reasons)
            ? [.. reasons.EnumerateArray().Select(reason => reason.GetString() ?? "")]
            : [];
    }

    /// <summary>Why the last migration failed (<c>error-desc</c>); null when it did not.</summary>
    internal static async Task<string?> QueryMigrationErrorAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var answer = await monitor.ExecuteAsync("query-migrate", null, cancellationToken).ConfigureAwait(false);
        return answer.TryGetProperty("error-desc", out var error) ? error.GetString() : null;
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
        _ => value.GetRawText(),
    };

    internal static JsonValue Node(object value) => value switch
    {
        bool truth => JsonValue.Create(truth),
        long number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        _ => throw new ArgumentException($"A {value.GetType()} is not a valid parameter value.", nameof(value)),
    };
}

/// <summary><c>MigrationCapabilityStatus</c>.</summary>
internal sealed record QmpCapability(string Capability, bool State);
