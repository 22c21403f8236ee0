using System.Collections.Concurrent;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Libvirt;

/// <summary>The pairs of hosts between which memory travels in the clear: for each it is said once.</summary>
internal static class UnencryptedWarning
{
    private static readonly ConcurrentDictionary<(string Source, string Destination), bool> Told = new();

    /// <summary>What there is to say of this migration; null when it is encrypted, stays on one machine, or all is said.</summary>
    internal static string? Of(MigrationPlan plan) =>
        plan.Encrypted || plan.Options.Offline || IsLoopback(plan.Options.MigrationUri) || !Told.TryAdd(($"{plan.Source.Uri}", $"{plan.Destination.Uri}"), true)
            ? null
            : $"Memory and disks are sent unencrypted from {plan.Source.Name} to {plan.Destination.Name}: anyone who can intercept the traffic can read them.";

    private static bool IsLoopback(string? uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && (parsed.IsLoopback || parsed.Scheme == "unix");
}
