using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>QMP without a socket: bytes in, happenings out.</summary>
public sealed class QmpProtocolTests
{
    private const string Greeting =
        """{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}""";

    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void However_the_bytes_arrive_the_same_happens(string name)
    {
        var recording = Recording.Read(name);
        var whole = Drive(recording, _ => int.MaxValue);
        Assert.DoesNotContain(whole, what => what.StartsWith("broken", StringComparison.Ordinal));
        Assert.Equal(recording.Sent.Count() - 1, whole.Count(what => what.StartsWith("answered", StringComparison.Ordinal)));
        Assert.Equal(whole, Drive(recording, _ => 1));
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(whole, Drive(recording, new Random(seed).Next));
    }

    [Fact]
    public void Out_of_band_is_enabled_when_it_is_offered()
    {
        var protocol = New();
        Assert.Equal(QmpState.Greeting, protocol.State);
        var happened = Assert.Single(Feed(protocol, Greeting));
        Assert.Equal(QmpState.Negotiating, protocol.State);
        Assert.Equal(
            """{"execute":"qmp_capabilities","arguments":{"enable":["oob"]},"id":1}""" + "\n",
            Encoding.UTF8.GetString(Assert.IsType<QmpHappening.ToSend>(happened).Message.Span));
        Assert.IsType<QmpHappening.Ready>(Assert.Single(Feed(protocol, """{"return": {}, "id": 1}""")));
        Assert.Equal((QmpState.Running, true), (protocol.State, protocol.IsOutOfBand));
    }

    [Fact]
    public void Out_of_band_is_not_asked_for_when_it_is_not_offered()
    {
        var protocol = New();
        var happened = Assert.Single(Feed(protocol, Greeting.Replace("\"oob\"", "", StringComparison.Ordinal)));
        Assert.Equal(
            """{"execute":"qmp_capabilities","id":1}""" + "\n",
            Encoding.UTF8.GetString(Assert.IsType<QmpHappening.ToSend>(happened).Message.Span));
        Assert.False(protocol.IsOutOfBand);
    }

    [Fact]
    public void An_event_may_come_before_the_greeting()
    {
        var protocol = New();
        Assert.IsType<QmpHappening.Told>(Assert.Single(Feed(protocol, """{"event": "RESUME"}""")));
        Assert.IsType<QmpHappening.ToSend>(Assert.Single(Feed(protocol, Greeting)));
    }

    /// <summary>Seen on QEMU 7.2 with a multiplexed character device, in 1 of 300 that connect as it starts.</summary>
    [Fact]
    public void A_greeting_may_come_twice()
    {
        var protocol = New();
        Assert.IsType<QmpHappening.ToSend>(Assert.Single(Feed(protocol, $"{Greeting}\r\n{Greeting}")));
        Assert.IsType<QmpHappening.Ready>(Assert.Single(Feed(protocol, Greeting + "\r\n" + """{"return": {}, "id": 1}""")));
        Assert.Equal((QmpState.Running, 0), (protocol.State, protocol.Unanswered));
    }

    [Fact]
    public void A_refused_negotiation_is_the_end()
    {
        var protocol = New();
        Feed(protocol, Greeting);
        var broken = Broken(Feed(protocol, """{"id": 1, "error": {"class": "GenericError", "desc": "not today"}}"""));
        Assert.Equal((Faults.MonitorProtocolBroken, "QEMU refused to negotiate: not today"), (broken.Fault, broken.Reason));
    }

    [Theory]
    [InlineData("QEMU 7.2.22 monitor - type 'help' for more information")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1")]
    [InlineData("{\"QMP\": {\"version\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"return": {}, "id": 1}""")]
    [InlineData("""{"error": {"class": "GenericError", "desc": "Invalid JSON syntax"}}""")]
    [InlineData("""{"QMP": null}""")]
    [InlineData("""{"event": 5}""")]
    [InlineData("""{"QMP": {}, "event": "X"}""")]
    [InlineData("\u001b[2J\a")]
    public void What_is_not_QMP_is_the_end_and_is_shown(string line)
    {
        var protocol = New();
        var broken = Broken(Feed(protocol, line));
        Assert.Equal(Faults.MonitorProtocolBroken, broken.Fault);
        Assert.Contains(line.Replace('\u001b', '?').Replace('\a', '?'), broken.Reason, StringComparison.Ordinal);
        Assert.Equal(QmpState.Closed, protocol.State);
        Assert.Empty(Feed(protocol, Greeting));
    }

    [Theory]
    [InlineData("""{"return": {}, "id": 99}""")]
    [InlineData("""{"return": {}, "id": "1"}""")]
    [InlineData("""{"return": {}, "id": 1.5}""")]
    [InlineData("""{"return": {}, "id": 99999999999999999999}""")]
    [InlineData("""{"return": {}}""")]
    [InlineData("""{"return": {}, "error": {"class": "a", "desc": "b"}, "id": 1}""")]
    [InlineData("""{"error": "no object", "id": 1}""")]
    [InlineData(Greeting)]
    [InlineData("{\"return\": \"\xD800\", \"id\": 1")]
    public void What_answers_nothing_that_was_asked_fails_what_was(string line)
    {
        var protocol = New(negotiated: true);
        var call = Begin(protocol, "query-status");
        Assert.Equal(Faults.MonitorProtocolBroken, Broken(Feed(protocol, line)).Fault);
        var error = Answer(call).Error!;
        Assert.Equal(Faults.MonitorProtocolBroken, error.Fault);
        Assert.StartsWith("test: query-status: no answer: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(Faults.MonitorProtocolBroken, Assert.Throws<LiveMigrationException>(() => Begin(protocol, "stop")).Fault);
    }

    [Theory]
    [InlineData("""{"return": null, "id": 1}""", "null")]
    [InlineData("""{"return": 5, "id": 1, "unknown": {"a": [1]}}""", "5")]
    [InlineData("""  {"id":1,"return":[{"a":1.50}]}  """, """[{"a":1.50}]""")]
    public void An_answer_is_whatever_was_returned(string line, string expected)
    {
        var protocol = New(negotiated: true);
        var call = Begin(protocol, "query-status");
        Feed(protocol, line);
        Assert.Equal(expected, Answer(call).Value.GetRawText());
        Assert.Equal(0, protocol.Unanswered);
    }

    [Fact]
    public void An_answer_may_nest_as_deep_as_a_long_backing_chain()
    {
        var protocol = New(negotiated: true, limit: 1 << 20);
        var call = Begin(protocol, "query-block");
        var deep = string.Concat(Enumerable.Repeat("""{"backing-image":""", 400)) + "1" + new string('}', 400);
        Feed(protocol, $$"""{"return": {{deep}}, "id": 1}""");
        Assert.Null(Answer(call).Error);
    }

    [Fact]
    public void Answers_find_their_commands_in_any_order()
    {
        var protocol = New(negotiated: true);
        var calls = Enumerable.Range(1, 50).Select(number => Begin(protocol, $"c{number}")).ToList();
        foreach (var call in calls.OrderBy(call => call.Id * 7919 % 50))
            Feed(protocol, $$"""{"return": {{call.Id * 10}}, "id": {{call.Id}}}""");
        Assert.All(calls, call => Assert.Equal(call.Id * 10, Answer(call).Value.GetInt64()));
    }

    [Theory]
    [InlineData("""{"seconds": -1, "microseconds": -1}""")]
    [InlineData("""{"seconds": 9223372036854775807, "microseconds": 0}""")]
    [InlineData("""{"seconds": 1, "microseconds": 1000000}""")]
    [InlineData("null")]
    public void A_time_that_QEMU_does_not_know_is_none(string time)
    {
        var happened = Assert.Single(Feed(New(), $$"""{"timestamp": {{time}}, "event": "STOP"}"""));
        var told = Assert.IsType<QmpHappening.Told>(happened);
        Assert.Null(told.Event.Time);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_beyond_the_limit_is_the_end_whether_it_ends_or_not(bool ends)
    {
        var protocol = New(negotiated: true);
        var call = Begin(protocol, "query-status");
        Assert.Empty(FeedRaw(protocol, $$"""{"return": "{{new string('x', 800)}}"""));
        Assert.Equal(Faults.MonitorAnswerTooLarge, Broken(FeedRaw(protocol, new string('x', 800) + (ends ? "\", \"id\": 1}\n" : ""))).Fault);
        Assert.Equal(Faults.MonitorAnswerTooLarge, Answer(call).Error!.Fault);
    }

    [Fact]
    public void Many_messages_together_may_be_larger_than_one_may_be()
    {
        var protocol = New();
        Assert.Equal(1000, FeedRaw(protocol, string.Concat(Enumerable.Repeat("{\"event\": \"STOP\"}\r\n\r\n", 1000))).Count);
    }

    [Fact]
    public void The_first_reason_for_the_end_counts()
    {
        var protocol = New(negotiated: true);
        var call = Begin(protocol, "migrate");
        Assert.NotNull(protocol.End(new QmpBreak(Faults.MonitorLost, "QEMU closed the connection")));
        Assert.Null(protocol.End(new QmpBreak(Faults.MonitorClosed, "later")));
        Assert.Equal("test: migrate: no answer: QEMU closed the connection.", Answer(call).Error!.Message);
    }

    private static QmpProtocol New(bool negotiated = false, int limit = 1024) => new("test", limit, negotiated);

    private static QmpCall Begin(QmpProtocol protocol, string command)
    {
        var call = protocol.Prepare(command, null, outOfBand: false);
        protocol.Begin(call);
        return call;
    }

    private static QmpAnswer Answer(QmpCall call)
    {
        Assert.True(call.Answer.IsCompleted);
        return call.Answer.Result;
    }

    private static List<QmpHappening> Feed(QmpProtocol protocol, string line) => FeedRaw(protocol, $"{line}\r\n");

    private static List<QmpHappening> FeedRaw(QmpProtocol protocol, string text)
    {
        var all = new List<QmpHappening>();
        protocol.Receive(Encoding.UTF8.GetBytes(text));
        while (protocol.TryNext(out var happened))
            all.Add(happened);
        return all;
    }

    private static QmpBreak Broken(List<QmpHappening> happened) => Assert.IsType<QmpHappening.Broken>(Assert.Single(happened)).Break;

    /// <summary>Has the recorded conversation once more, QEMU's words cut into pieces.</summary>
    private static List<string> Drive(Recording recording, Func<int, int> piece)
    {
        var protocol = new QmpProtocol("test", 1 << 20);
        var seen = new List<string>();
        foreach (var line in recording.Lines)
        {
            if (line[0] == '>' && protocol.State is QmpState.Running)
            {
                var said = JsonNode.Parse(line[2..])!.AsObject();
                var outOfBand = said.ContainsKey("exec-oob");
                var command = said[outOfBand ? "exec-oob" : "execute"]!.GetValue<string>();
                var call = protocol.Prepare(command, said["arguments"]?.AsObject(), outOfBand);
                Assert.Equal(line[2..], Encoding.UTF8.GetString(call.Message.Span).TrimEnd('\n'));
                protocol.Begin(call);
            }
            else if (line[0] == '<')
            {
                var wire = Encoding.UTF8.GetBytes(Recording.Wire(line)).AsSpan();
                while (!wire.IsEmpty)
                {
                    var length = Math.Min(wire.Length, Math.Max(1, piece(40)));
                    protocol.Receive(wire[..length]);
                    wire = wire[length..];
                    while (protocol.TryNext(out var happened))
                        seen.Add(Describe(happened));
                }
            }
        }

        return seen;
    }

    private static string Describe(QmpHappening happened) => happened switch
    {
        QmpHappening.Answered(var call) => $"answered {call.Command}: {Answer(call).Error?.Message ?? Answer(call).Value.GetRawText()}",
        QmpHappening.Told({ Data.ValueKind: JsonValueKind.Undefined } told) => $"told {told.Name} {told.Time:O}",
        QmpHappening.Told(var told) => $"told {told.Name} {told.Time:O} {told.Data.GetRawText()}",
        QmpHappening.Broken(var why) => $"broken {why.Reason}",
        _ => happened.GetType().Name,
    };
}
