using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>The test is QEMU: it hears what is sent and says what it likes.</summary>
internal sealed class ScriptedTransport : IQmpTransport
{
    private readonly Channel<ReadOnlyMemory<byte>> _said = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly Channel<JsonElement> _heard = Channel.CreateUnbounded<JsonElement>();

    public string Peer => "scripted";

    public bool IsNegotiated { get; init; } = true;

    /// <summary>Why the next messages cannot be sent.</summary>
    public Exception? Refusal { get; set; }

    public int Waiting => _heard.Reader.Count;

    public void Say(string line) => _said.Writer.TryWrite(Encoding.UTF8.GetBytes($"{line}\r\n"));

    public void Answer(JsonElement command, string value = "{}") =>
        Say($$"""{"return": {{value}}, "id": {{command.GetProperty("id")}}}""");

    public void HangUp(Exception? why = null) => _said.Writer.TryComplete(why);

    /// <summary>The next command.</summary>
    public ValueTask<JsonElement> HearAsync() => _heard.Reader.ReadAsync();

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
            throw Refusal;
        _heard.Writer.TryWrite(JsonElement.Parse(message.Span));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken) =>
        await _said.Reader.WaitToReadAsync(cancellationToken) && _said.Reader.TryRead(out var bytes) ? bytes : default;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
