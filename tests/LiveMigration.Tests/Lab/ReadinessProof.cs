using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.Readiness;

namespace LiveMigration.Tests.Lab;

/// <summary>
/// Puts a VM or a host into a state that is in the way, looks whether the check says so, mends it, and looks again. What went wrong is
/// gathered: one run tells of all checks.
/// </summary>
internal sealed class ReadinessProof(LabHosts lab, string guest)
{
    private readonly List<string> _wrong = [];

    /// <summary>Broken by that, told, and mended: by the finding's own command, or by <paramref name="mend"/> where it has none to run.</summary>
    /// <param name="id">The check.</param>
    /// <param name="spoil">Makes the failing state.</param>
    /// <param name="mend">Takes it away.</param>
    /// <param name="options">How the VM would migrate.</param>
    /// <param name="forced">What libvirt says of a migration that is tried nevertheless.</param>
    internal Task MendedAsync(
        string id, Func<Task> spoil, Func<Task>? mend = null, MigrationOptions? options = null, string? forced = null) => TryAsync(id, async () =>
    {
        await PassesAsync(id, options);
        await spoil();
        var finding = await IsToldAsync(id, options);
        if (forced is not null)
            await FailsAsync("b", forced, "--copy-storage-all");
        await (mend is null ? RunAsync(finding.Fix) : mend());
        await PassesAsync(id, options);
    });

    /// <summary>Told of these options, and not of the others.</summary>
    /// <param name="id">The check.</param>
    /// <param name="wrong">Options that cannot be.</param>
    /// <param name="right">Options that can.</param>
    /// <param name="forced">What libvirt says when it is given the arguments nevertheless.</param>
    /// <param name="arguments">Arguments for virsh migrate.</param>
    internal Task ToldAsync(string id, MigrationOptions wrong, MigrationOptions? right = null, string? forced = null, params string[] arguments) => TryAsync(id, async () =>
    {
        await IsToldAsync(id, wrong);
        if (forced is not null)
            await FailsAsync("b", forced, arguments);
        await PassesAsync(id, right);
    });

    /// <summary>Told of the VM as it is.</summary>
    internal Task ToldAsync(string id) => TryAsync(id, () => IsToldAsync(id, null));

    internal async Task<ReadinessReport> TestAsync(MigrationOptions? options, params string[] checks) =>
        await new ReadinessAudit(selection: new() { Checks = checks }, allowMonitor: checks is ["LM042"])
            .TestAsync(await lab.A.GetDomainAsync(guest), lab.B, options);

    internal void Conclude() => Assert.True(_wrong.Count == 0, string.Join('\n', _wrong));

    private async Task<ReadinessFinding> IsToldAsync(string id, MigrationOptions? options)
    {
        var report = await TestAsync(options, id);
        var finding = report.Findings.FirstOrDefault(one => one.Status is CheckStatus.Fail or CheckStatus.Warning)
            ?? throw new InvalidOperationException($"not told: {string.Join(" | ", report.Findings)}");
        if (finding.Severity is CheckSeverity.Blocker && finding.Status is CheckStatus.Fail == report.IsReady)
            throw new InvalidOperationException($"{finding} and IsReady {report.IsReady}");
        return finding;
    }

    private async Task PassesAsync(string id, MigrationOptions? options)
    {
        var findings = (await TestAsync(options, id)).Findings;
        if (findings.Any(finding => finding.Status is CheckStatus.Fail or CheckStatus.Warning || finding.Blocks))
            throw new InvalidOperationException($"does not pass: {string.Join(" | ", findings)}");
    }

    /// <summary>A migration that is begun nevertheless fails for that reason.</summary>
    internal async Task FailsAsync(string destination, string says, params string[] arguments)
    {
        try
        {
            await LabHosts.RunAsync(["virsh", "a", "migrate", "--live", guest, await LabHosts.UriAsync(destination), .. arguments]);
        }
        catch (InvalidOperationException error) when (error.Message.Contains(says, StringComparison.Ordinal))
        {
            return;
        }

        throw new InvalidOperationException($"a forced migration did not fail with '{says}'");
    }

    private static async Task RunAsync(string? command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command ?? "exit 1"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = shell.StandardError.ReadToEndAsync();
        await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0)
            throw new InvalidOperationException($"'{command}' failed: {await said}");
    }

    private async Task TryAsync(string id, Func<Task> prove)
    {
        try
        {
            await prove();
        }
        catch (Exception error) when (error is InvalidOperationException or LiveMigrationException)
        {
            _wrong.Add($"{id}: {error.Message}");
        }
    }
}
