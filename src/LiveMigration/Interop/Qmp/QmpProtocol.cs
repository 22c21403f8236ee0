using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Qmp;

/// <summary>
/// QMP without its I/O: greeting, negotiation, commands and events, end. It is fed with bytes and tells what to send and what
/// happened. One reader feeds it; commands may begin on any thread.
/// </summary>
internal sealed class QmpProtocol
{
    private static readonly QmpBreak TooLarge = new(
        Faults.MonitorAnswerTooLarge, "an answer is larger than allowed; the connection was closed");

    private readonly object _gate = new();
    private readonly string _peer;
    private readonly QmpFrames _frames;
    private readonly Dictionary<long, QmpCall> _calls = [];
    private long _lastId;
    private QmpCall? _negotiation;
    private QmpBreak? _break;

    internal QmpProtocol(string peer, int maxMessageBytes, bool negotiated = false)
    {
        _peer = peer;
        _frames = new QmpFrames(maxMessageBytes);
        State = negotiated ? QmpState.Running : QmpState.Greeting;
    }

    internal QmpState State { get; private set; }

    /// <summary>What QEMU said first; null where somebody else has heard it.</summary>
    internal QmpGreeting? Greeting { get; private set; }

    /// <summary>Whether commands may overtake others.</summary>
    internal bool IsOutOfBand { get; private set; }

    /// <summary>Commands that were begun and not answered.</summary>
    internal int Unanswered
    {
        get
        {
            lock (_gate)
                return _calls.Count;
        }
    }

    /// <summary>Writes a command down; nothing waits for it before <see cref="Begin"/>.</summary>
    internal QmpCall Prepare(string command, JsonObject? arguments, bool outOfBand)
    {
        var id = Interlocked.Increment(ref _lastId);
        return new QmpCall(id, command, outOfBand, QmpWriter.Command(id, command, outOfBand, arguments));
    }

    /// <summary>From now on the command's answer is waited for; its message is to be sent.</summary>
    /// <exception cref="LiveMigrationException">The connection has ended.</exception>
    internal void Begin(QmpCall call)
    {
        lock (_gate)
        {
            if (_break is not null)
                throw _break.ToException(_peer);
            _calls.Add(call.Id, call);
        }
    }

    /// <summary>The command could not be sent, so no answer will come.</summary>
    internal void Fail(QmpCall call, LiveMigrationException why)
    {
        lock (_gate)
            _calls.Remove(call.Id);
        call.Fail(why);
    }

    internal void Receive(ReadOnlySpan<byte> bytes) => _frames.Append(bytes);

    /// <summary>What came of the bytes received so far, one at a time.</summary>
    internal bool TryNext([NotNullWhen(true)] out QmpHappening? happened)
    {
        happened = null;
        while (happened is null && State is not QmpState.Closed && _frames.TryTake(out var text))
            happened = Understand(text);
        if (happened is null && _frames.IsTooLarge)
            happened = End(TooLarge);
        return happened is not null;
    }

    /// <summary>Ends the connection and fails what is under way. The first reason counts.</summary>
    internal QmpHappening? End(QmpBreak why)
    {
        QmpCall[] left;
        lock (_gate)
        {
            if (_break is not null)
                return null;
            _break = why;
            State = QmpState.Closed;
            left = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in left)
            call.Fail(why.ToException(_peer, call.Command));
        return new QmpHappening.Broken(why);
    }

    /// <summary>What a message means; null for what means nothing to anybody.</summary>
    private QmpHappening? Understand(ReadOnlySpan<byte> text)
    {
        try
        {
            var message = QmpMessage.Parse(text);
            return message switch
            {
                { Greeting: not null } when State is QmpState.Greeting => Negotiate(message.Greeting),
                // On a multiplexed one QEMU greets twice who comes just when it opens, and answers after the second time.
                { Greeting: not null } when State is QmpState.Negotiating => null,
                // Even before the greeting: on a multiplexed character device QEMU tells of its own start first.
                { Event: not null } => new QmpHappening.Told(
                    new QmpEvent(message.Event, message.Data, message.Timestamp?.Time)),
                { CallId: { } id } when Take(id) is { } call => Answer(call, message),
                _ => End(Unexpected(text)),
            };
        }
        catch (JsonException)
        {
            return End(Unexpected(text));
        }
    }

    private QmpHappening.ToSend Negotiate(QmpGreeting greeting)
    {
        Greeting = greeting;
        State = QmpState.Negotiating;
        IsOutOfBand = greeting.OffersOutOfBand;
        var wanted = IsOutOfBand ? new JsonObject { ["enable"] = new JsonArray("oob") } : null;
        _negotiation = Prepare("qmp_capabilities", wanted, outOfBand: false);
        Begin(_negotiation);
        return new QmpHappening.ToSend(_negotiation.Message);
    }

    private QmpHappening? Answer(QmpCall call, QmpMessage message)
    {
        if (message.Error is { } error)
            call.Fail(new QmpException(call.Command, error.Class ?? "", error.Desc ?? "", _peer));
        else
            call.Complete(message.Return);
        if (call != _negotiation)
            return new QmpHappening.Answered(call);
        if (message.Error is not null)
            return End(new QmpBreak(Faults.MonitorProtocolBroken, $"QEMU refused to negotiate: {message.Error.Desc}"));
        State = QmpState.Running;
        return new QmpHappening.Ready();
    }

    private QmpCall? Take(long id)
    {
        lock (_gate)
            return _calls.Remove(id, out var call) ? call : null;
    }

    private static QmpBreak Unexpected(ReadOnlySpan<byte> text)
    {
        const int Shown = 80;
        var start = Encoding.UTF8.GetString(text[..Math.Min(text.Length, Shown)]).Select(letter => char.IsControl(letter) ? '?' : letter);
        var shown = string.Concat(start) + (text.Length > Shown ? "…" : "");
        return new QmpBreak(Faults.MonitorProtocolBroken, $"this is not QMP, or not the expected answer: {shown}");
    }
}
