using System.Text;
using System.Threading.Channels;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>
/// What a client and a QEMU said to each other, a line each: <c>&gt;</c> the client, <c>&lt;</c> QEMU, and <c>.</c> where QEMU
/// closed. Files are in Recorded; a run with QMP_RECORD=1 in the environment makes them again.
/// </summary>
public sealed record Recording(IReadOnlyList<string> Lines)
{
    public static bool Wanted { get; } = Environment.GetEnvironmentVariable("QMP_RECORD") == "1";

    private static readonly string Folder = Checkout.PathOf("tests", "LiveMigration.Tests", "Interop", "Qmp", "Recorded");

    public IEnumerable<string> Sent => Lines.Where(line => line[0] == '>').Select(line => line[2..]);

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.qmp").Select(file => Path.GetFileNameWithoutExtension(file)!).Order();

    public static Recording Read(string name) => new(File.ReadAllLines(Path.Combine(Folder, $"{name}.qmp")));

    public void Write(string name) => File.WriteAllText(Path.Combine(Folder, $"{name}.qmp"), string.Concat(Lines.Select(line => $"{line}\n")));

    public static string Wire(string line) => $"{line[2..]}\r\n";

    /// <summary>Writes down what passes over another transport.</summary>
    internal sealed class Transport(IQmpTransport inner) : IQmpTransport
    {
        private readonly List<string> _lines = [];
        private readonly StringBuilder _received = new();

        public string Peer => "recorded";

        public bool IsNegotiated => inner.IsNegotiated;

        public Recording Recorded
        {
            get
            {
                lock (_lines)
                    return new Recording([.. _lines]);
            }
        }

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            lock (_lines)
                _lines.Add($"> {Encoding.UTF8.GetString(message.Span).TrimEnd('\n')}");
            return inner.SendAsync(message, cancellationToken);
        }

        public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
        {
            var bytes = await inner.ReceiveAsync(cancellationToken);
            lock (_lines)
            {
                _received.Append(Encoding.UTF8.GetString(bytes.Span));
                var lines = _received.ToString().Split("\r\n");
                _lines.AddRange(lines[..^1].Select(line => $"< {line}"));
                _received.Clear().Append(lines[^1]);
                if (bytes.IsEmpty)
                    _lines.Add(".");
            }

            return bytes;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Answers as was recorded, and accepts nothing but what was said then.</summary>
    internal sealed class Replay : IQmpTransport
    {
        private readonly Channel<ReadOnlyMemory<byte>> _toClient = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
        private readonly Queue<string> _lines;

        internal Replay(Recording recording)
        {
            _lines = new Queue<string>(recording.Lines);
            Speak();
        }

        public string Peer => "recorded";

        public bool IsNegotiated => false;

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            Assert.True(_lines.TryDequeue(out var expected), "Nothing more was said.");
            Assert.Equal(expected, $"> {Encoding.UTF8.GetString(message.Span).TrimEnd('\n')}");
            Speak();
            return ValueTask.CompletedTask;
        }

        public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken) =>
            await _toClient.Reader.WaitToReadAsync(cancellationToken) && _toClient.Reader.TryRead(out var bytes) ? bytes : default;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Speak()
        {
            while (_lines.TryPeek(out var line) && line[0] != '>')
            {
                _lines.Dequeue();
                if (line[0] == '<')
                    _toClient.Writer.TryWrite(Encoding.UTF8.GetBytes(Wire(line)));
                else
                    _toClient.Writer.TryComplete();
            }
        }
    }
}
