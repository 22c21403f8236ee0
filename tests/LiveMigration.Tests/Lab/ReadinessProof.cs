using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.Readiness;

namespace LiveMigration.Tests.Lab;

/// <summary>
/// Puts a VM or a host into a state that is in the way, looks whether the check says so, fixes it, and looks again. What went wrong is
/// gathered: one run tells of all checks.
/// </summary>
internal sealed class ReadinessProof(LabHosts lab, string guest)
{
    private readonly List<string> _wrong = [];
    private readonly HashSet<string> _fixed = [];

    /// <summary>Broken by that, told, and fixed: by the finding's own command, or by <paramref name="fix"/> where it has none to run.</summary>
    /// <param name="id">The check.</param>
    /// <param name="spoil">Makes the failing state.</param>
    /// <param name="fix">Takes it away.</param>
    /// <param name="options">How the VM would migrate.</param>
    /// <param name="forced">What libvirt says of a migration that is tried nevertheless.</param>
    /// <param name="clean">Takes away what is left of the failing state where the command lets it be.</param>
    internal Task FixedAsync(
        string id, Func<Task> spoil, Func<Task>? fix = null, MigrationOptions? options = null, string? forced = null, Func<Task>? clean = null) => TryAsync(id, async () =>
    {
        await PassesAsync(id, options);
        await spoil();
        try
        {
            var finding = await IsToldAsync(id, options);
            if (forced is not null)
                await FailsAsync("b", forced, "--copy-storage-all");
            if (fix is null)
            {
                options = await TypedCommand.RunAsync(finding.Fix, lab, guest) ?? options;
                _fixed.Add(id);
            }
            else
            {
                await fix();
            }

            await PassesAsync(id, options);
        }
        finally
        {
            await (clean?.Invoke() ?? Task.CompletedTask);
        }
    });

    /// <summary>Told of these options, and not of those that the finding gives.</summary>
    /// <param name="id">The check.</param>
    /// <param name="wrong">Options that cannot be.</param>
    /// <param name="forced">What libvirt says when it is given the arguments nevertheless.</param>
    /// <param name="arguments">Arguments for virsh migrate.</param>
    internal Task ToldAsync(string id, MigrationOptions wrong, string? forced = null, params string[] arguments) => TryAsync(id, async () =>
    {
        var finding = await IsToldAsync(id, wrong);
        if (forced is not null)
            await FailsAsync("b", forced, arguments);
        await PassesAsync(id, await TypedCommand.RunAsync(finding.Fix, lab, guest) ?? wrong);
        _fixed.Add(id);
    });

    /// <summary>Told of the VM as it is; the commands that are given change how it starts.</summary>
    internal async Task FixedWhenItStartsAsync(Func<Task> stop, params (string Id, MigrationOptions? Options)[] checks)
    {
        foreach (var (id, options) in checks)
            await TryAsync(id, async () => await TypedCommand.RunAsync((await IsToldAsync(id, options)).Fix, lab, guest));
        await stop();
        foreach (var (id, options) in checks)
        {
            await TryAsync(id, async () =>
            {
                await PassesAsync(id, options);
                _fixed.Add(id);
            });
        }
    }

    /// <summary>Told of the VM as it is.</summary>
    internal Task ToldAsync(string id) => TryAsync(id, () => IsToldAsync(id, null));

    internal async Task<ReadinessReport> TestAsync(MigrationOptions? options, params string[] checks) =>
        await new ReadinessAudit(selection: new() { Checks = checks }, allowMonitor: checks is ["LM042"])
            .TestAsync(await lab.A.GetDomainAsync(guest), lab.B, options);

    /// <param name="repaired">At least so many checks passed again by the command that they gave.</param>
    internal void Conclude(int repaired = 0)
    {
        Assert.True(_wrong.Count == 0, string.Join('\n', _wrong));
        Assert.True(_fixed.Count >= repaired, $"Fixed by their own command: {string.Join(", ", _fixed)}.");
    }

    private async Task<ReadinessFinding> IsToldAsync(string id, MigrationOptions? options)
    {
        var report = await TestAsync(options, id);
        var finding = report.Findings.FirstOrDefault(one => one.Status is CheckStatus.Fail or CheckStatus.Warning)
            ?? throw new InvalidOperationException($"not told: {string.Join(" | ", report.Findings)}");
        if (finding.Severity is CheckSeverity.Blocker && finding.Status is CheckStatus.Fail == report.IsReady)
            throw new InvalidOperationException($"{finding} and IsReady {report.IsReady}");
        return finding;
    }

    /// <summary>What a running guest gives away, it gives away in its own time.</summary>
    private async Task PassesAsync(string id, MigrationOptions? options)
    {
        IReadOnlyList<ReadinessFinding> findings = [];
        for (var tries = 0; tries < 120; tries++, await Task.Delay(250))
        {
            findings = (await TestAsync(options, id)).Findings;
            if (!findings.Any(IsBad))
                return;
        }

        throw new InvalidOperationException($"does not pass: {string.Join(" | ", findings)}");
    }

    private static bool IsBad(ReadinessFinding finding) => finding.Status is CheckStatus.Fail or CheckStatus.Warning || finding.Blocks;

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
