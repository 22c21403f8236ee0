using System.Collections.Concurrent;
using System.Diagnostics;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Tracing;
using Xunit.Abstractions;

namespace LiveMigration.Tests.Lab;

/// <summary>DESIGN decision 12: how often hosts are asked before the first byte. Each question is a way there and back, 50 ms over a long line.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class RemoteCallTests(LabHosts lab, ITestOutputHelper output)
{
    /// <summary>
    /// For one VM with one local disk: 85, of which 7 look at memory and space again right before they are taken. What is not a question of every migration must
    /// not creep in here.
    /// </summary>
    private const int Budget = 88;

    /// <summary>What libvirt's client answers by itself, and the connections that are opened when questions have to wait: a busy machine needs more.</summary>
    private static readonly HashSet<string> Others = ["virConnectGetType", "virStreamNew", "virStreamRecv", "virConnectOpenAuth", "virConnectSetKeepAlive"];

    [LabFact]
    public async Task One_migration_asks_no_more_than_its_budget()
    {
        await using var guest = await lab.GuestAsync("disk=local");
        var domain = await guest.OnA;
        using var calls = new Calls();
        var run = (await new ReadinessAudit(selection: ReadinessSelection.BlockersBut([])).PlanAsync(domain, lab.B)).Start();
        await run.Completion;
        var before = calls.Until("virDomainMigrateToURI3");
        foreach (var call in before.GroupBy(call => call).OrderByDescending(call => call.Count()))
            output.WriteLine($"{call.Count(),3} {call.Key}");
        Assert.InRange(before.Count, 20, Budget);
    }

    [LabFact]
    public async Task Another_VM_of_the_audit_asks_hosts_nothing_about_themselves()
    {
        await using var first = await lab.GuestAsync();
        await using var second = await lab.GuestAsync();
        var audit = new ReadinessAudit(selection: ReadinessSelection.BlockersBut([]));
        await audit.PlanAsync(await first.OnA, lab.B);
        var domain = await second.OnA;
        using var calls = new Calls();
        await audit.PlanAsync(domain, lab.B);
        Assert.DoesNotContain(calls.All, call => call.StartsWith("virConnectList", StringComparison.Ordinal) || call.StartsWith("virNode", StringComparison.Ordinal)
            || call is "virConnectGetCapabilities" or "virConnectGetAllDomainStats" or "virConnectGetHostname" or "virConnectGetVersion" or "virConnectGetLibVersion");
    }

    private sealed class Calls : IDisposable
    {
        private readonly ConcurrentQueue<string> _calls = new();
        private readonly ActivityListener _listener;

        internal Calls()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == MigrationTracing.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStarted = span =>
                {
                    if (span.Kind is ActivityKind.Client && !Others.Contains(span.OperationName))
                        _calls.Enqueue(span.OperationName);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        internal IReadOnlyCollection<string> All => _calls;

        internal IReadOnlyList<string> Until(string call) => [.. _calls.TakeWhile(other => other != call)];

        public void Dispose() => _listener.Dispose();
    }
}
