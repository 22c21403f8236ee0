using System.Text;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>
/// What QEMU said, spoilt in every way and cut into pieces at random: the protocol never throws, never hangs, never keeps a
/// caller waiting after its end, and does the same however the bytes were cut. The seed is fixed.
/// </summary>
public sealed class QmpFuzzTests
{
    private const int Cases = 100_000;
    private const int Limit = 2048;

    /// <summary>What QEMU said in each conversation, line by line; what is too long to be worth spoiling is left out.</summary>
    private static readonly byte[][][] Recorded = [.. Recording.Names.Select(name => Recording.Read(name).Lines
        .Where(line => line[0] == '<' && line.Length < 400)
        .Select(line => Encoding.UTF8.GetBytes(Recording.Wire(line)))
        .ToArray())];

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", "\\", ":", ",", "\n", "\r\n", "{\r\n", "}\r\n", "\0", "null", "true",
            "\"id\": 1", "\"id\": -1", "\"id\": 1e400", "\"return\": {}", "\"error\": {}",
            "\"error\": {\"class\": null, \"desc\": null}", "\"event\": \"X\"", "\"\\ud800\"", "\"QMP\": {}",
            "99999999999999999999999", "-0", "1.5e", "\u00e9", "\"timestamp\": {\"seconds\": 1e3, \"microseconds\": -5}",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], Encoding.UTF8.GetBytes(new string('[', 1500)),
    ];

    [Fact]
    public void A_hundred_thousand_spoilt_conversations_do_no_harm()
    {
        var random = new Random(20220);
        int broken = 0, answered = 0, told = 0;
        for (var number = 0; number < Cases; number++)
        {
            // Some from the greeting on, most in the middle of things.
            var begun = random.Next(4) > 0;
            var bytes = Spoil(random, begun);
            var (happened, protocol, calls) = Run(bytes, begun, () => random.Next(1, 200));
            if (number % 5 == 0)
            {
                var whole = Run(bytes, begun, () => bytes.Length).Happened;
                Assert.True(happened.SequenceEqual(whole), $"Case {number}: {Encoding.UTF8.GetString(bytes)}");
            }

            broken += happened.Count(what => what == "Broken");
            answered += happened.Count(what => what == "Answered");
            told += happened.Count(what => what == "Told");

            Assert.True(happened.IndexOf("Broken") is var end && (end < 0 || end == happened.Count - 1));
            protocol.End(new QmpBreak(LiveMigration.Errors.Faults.MonitorLost, "end"));
            Assert.True(calls.TrueForAll(call => call.Answer.IsCompleted) && protocol is { State: QmpState.Closed, Unanswered: 0 });
        }

        // The cases are worth something: some come through, some are answered, some are the end.
        Assert.True(Math.Min(broken, Math.Min(answered, told)) > Cases / 10, $"{broken} broken, {answered} answered, {told} told");
    }

    [Fact]
    public void However_long_a_line_grows_memory_does_not()
    {
        var protocol = new QmpProtocol("fuzz", Limit);
        var piece = Encoding.UTF8.GetBytes(new string('x', 1000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var times = 0; times < 10_000 && protocol.State is not QmpState.Closed; times++)
        {
            protocol.Receive(piece);
            while (protocol.TryNext(out _))
            {
            }
        }

        Assert.Equal(QmpState.Closed, protocol.State);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * Limit);
    }

    private static (List<string> Happened, QmpProtocol Protocol, List<QmpCall> Calls) Run(byte[] bytes, bool begun, Func<int> piece)
    {
        var protocol = new QmpProtocol("fuzz", Limit, begun);
        var calls = new List<QmpCall>();
        for (var id = begun ? 1 : 2; id < 20; id++)
        {
            calls.Add(new QmpCall(id, "c", outOfBand: false, default));
            protocol.Begin(calls[^1]);
        }

        var happened = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(piece(), bytes.Length - at);
            protocol.Receive(bytes.AsSpan(at, length));
            at += length;
            while (protocol.TryNext(out var what))
                happened.Add(what.GetType().Name);
        }

        return (happened, protocol, calls);
    }

    private static byte[] Spoil(Random random, bool begun)
    {
        var recorded = Recorded[random.Next(Recorded.Length)];
        var from = begun ? random.Next(1, recorded.Length) : 0;
        var bytes = new List<byte>();
        foreach (var line in recorded.AsSpan(from, Math.Min(random.Next(1, 6), recorded.Length - from)))
            bytes.AddRange(line);
        for (var spoilings = random.Next(0, 4); spoilings > 0; spoilings--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = random.Next(Math.Min(bytes.Count - at, 40) + 1);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    bytes.InsertRange(at, recorded[random.Next(recorded.Length)]);
                    break;
                default:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
