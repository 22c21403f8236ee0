using System.Diagnostics;
using System.Net.Sockets;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What became of an attempt to connect.</summary>
/// <param name="Host">To where.</param>
/// <param name="Port">To which port.</param>
/// <param name="Answer">What came of it.</param>
/// <param name="Took">How long that took.</param>
internal sealed record TcpProbe(string Host, int Port, ProbeAnswer Answer, TimeSpan Took = default)
{
    /// <summary>Connects and hangs up at once.</summary>
    internal static async Task<TcpProbe> TryAsync(string host, int port, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using var client = new TcpClient();
        var start = Stopwatch.GetTimestamp();
        try
        {
            await client.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            return new TcpProbe(host, port, ProbeAnswer.Open, Stopwatch.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new TcpProbe(host, port, ProbeAnswer.Silence);
        }
        catch (SocketException error)
        {
            return new TcpProbe(host, port, error.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => ProbeAnswer.Refused,
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ProbeAnswer.UnknownName,
                SocketError.TimedOut => ProbeAnswer.Silence,
                _ => ProbeAnswer.NoRoute,
            }, Stopwatch.GetElapsedTime(start));
        }
    }

    public override string ToString() => Answer switch
    {
        ProbeAnswer.Open => $"{Host}:{Port} answers",
        ProbeAnswer.Refused => $"nothing listens on {Host}:{Port}",
        ProbeAnswer.Silence => $"{Host}:{Port} does not answer",
        ProbeAnswer.UnknownName => $"the name {Host} cannot be resolved",
        _ => $"there is no route to {Host}:{Port}",
    };
}

/// <summary>Answers to a <see cref="TcpProbe"/>.</summary>
internal enum ProbeAnswer
{
    Open,
    Refused,
    Silence,
    UnknownName,
    NoRoute,
}
