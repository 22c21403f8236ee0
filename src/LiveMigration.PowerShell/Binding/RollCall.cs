using System.Runtime.CompilerServices;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// The connected hosts that answer. A command that names no host asks all of them at once, does not wait long for one that is
/// down, and says once which it left out.
/// </summary>
internal sealed class RollCall
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The question to each host that is open still: the next command does not wait for it all over again.</summary>
    private static readonly ConditionalWeakTable<LibvirtHost, Question> Open = [];

    private readonly HashSet<LibvirtHost> _leftOut = [];

    /// <summary>Asks.</summary>
    /// <param name="warn">Is told of each host that is left out.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">Hosts are connected, and none of them answers.</exception>
    internal async Task<IReadOnlyList<LibvirtHost>> TakeAsync(Action<string> warn, CancellationToken cancellationToken)
    {
        var answers = HostSessions.All.Select(host => (host, silence: SilenceAsync(host, Patience, cancellationToken))).ToArray();
        var present = new List<LibvirtHost>();
        foreach (var (host, silence) in answers)
        {
            if (await silence is not { } reason)
                present.Add(host);
            else if (_leftOut.Add(host))
                warn($"{host.Name} is connected but does not answer, and is skipped: {reason}");
        }

        return present.Count > 0 || answers.Length == 0 ? present : throw new LiveMigrationException(
            Faults.HostNotAnswering, $"None of the connected hosts answers: {string.Join(", ", answers.Select(answer => answer.host.Name))}.");
    }

    /// <summary>Those that answer soon.</summary>
    internal static async Task<IReadOnlyList<LibvirtHost>> TakeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var answers = HostSessions.All.Select(host => (host, silence: SilenceAsync(host, patience, cancellationToken))).ToArray();
        await Task.WhenAll(answers.Select(answer => answer.silence));
        return [.. answers.Where(answer => answer.silence.Result is null).Select(answer => answer.host)];
    }

    /// <summary>Why a host does not answer; null when it does.</summary>
    private static async Task<string?> SilenceAsync(LibvirtHost host, TimeSpan patience, CancellationToken cancellationToken)
    {
        var question = Ask(host);
        var left = patience - TimeProvider.System.GetElapsedTime(question.Asked);
        try
        {
            await question.Answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            return null;
        }
        catch (TimeoutException)
        {
            return $"no answer for {TimeProvider.System.GetElapsedTime(question.Asked).TotalSeconds:0} s.";
        }
        catch (LiveMigrationException error)
        {
            return error.Message;
        }
        catch (ObjectDisposedException)
        {
            return "it was disconnected.";
        }
    }

    private static Question Ask(LibvirtHost host)
    {
        lock (Open)
        {
            if (Open.TryGetValue(host, out var open) && !open.Answer.IsCompleted)
                return open;
            var question = new Question(host.PingAsync(), TimeProvider.System.GetTimestamp());
            _ = question.Answer.ContinueWith(static late => _ = late.Exception, TaskScheduler.Default); // Seen, also where nobody waits any more.
            Open.AddOrUpdate(host, question);
            return question;
        }
    }

    private sealed record Question(Task Answer, long Asked);
}
