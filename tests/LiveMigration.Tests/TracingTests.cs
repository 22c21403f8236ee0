using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveMigration.Interop.Qmp;
using LiveMigration.Tests.Interop.Qmp;
using LiveMigration.Tracing;

namespace LiveMigration.Tests;

public sealed class TracingTests
{
    private const string Password = "Hunter2-very-secret";

    /// <summary>Listeners belong to the process: this one hears its own flow of control alone.</summary>
    private static readonly AsyncLocal<List<Activity>?> Heard = new();

    [Fact]
    public void While_nobody_listens_no_span_is_made_and_no_sentence_is_put_together()
    {
        var asked = 0;
        string Word() => $"{++asked}";

        Assert.Null(Tracer.Begin("connect", "a"));
        Tracer.Say($"Never {Word()}.");

        Assert.Equal(0, asked);
    }

    [Fact]
    public void While_nobody_listens_a_call_costs_no_memory()
    {
        // Of the tests beside this one some listen for a moment.
        Assert.Equal(0, Enumerable.Range(0, 50).Min(_ => Round()));

        static long Round()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 1000; call++)
                Silent();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static void Silent()
        {
            Tracer.Call("virDomainGetState", "libvirt", "a")?.Stop();
            Tracer.Say($"Asked {"a"}.");
            Tracer.Asked("a", Tracer.Now);
        }
    }

    [Fact]
    public void A_sentence_reaches_who_subscribed()
    {
        var heard = new List<string>();
        var flow = new AsyncLocal<bool> { Value = true };
        using (MigrationTracing.Events.Subscribe(new Listener(heard), (_, _, _) => flow.Value))
            Tracer.Say($"Connecting to {"a"}.");
        Tracer.Say($"Nobody is there any more.");

        Assert.Equal(["Connecting to a."], heard);
    }

    [Fact]
    public async Task The_span_of_a_QMP_command_names_it_and_nothing_that_went_with_it()
    {
        using var listener = Listen();
        var transport = new ScriptedTransport();
        await using var client = await QmpClient.StartAsync(transport, QmpOptions.Default, CancellationToken.None);
        var setting = client.ExecuteAsync("set_password", new JsonObject { ["protocol"] = "vnc", ["password"] = Password });
        transport.Answer(await transport.HearAsync());
        await setting;
        transport.HangUp();

        var span = Assert.Single(Heard.Value!, span => span.OperationName == "set_password");
        Assert.Equal("qmp", span.GetTagItem(MigrationTracing.SystemTag));
        Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains(Password, StringComparison.Ordinal));
    }

    private static ActivityListener Listen()
    {
        Heard.Value = [];
        var mine = Heard.Value;
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MigrationTracing.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Heard.Value == mine ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (Heard.Value == mine)
                    mine.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Listener(List<string> heard) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> told) => heard.Add($"{told.Value}");

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
