using System.Diagnostics.Metrics;
using System.Xml;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A question to a host that may go unanswered: the answer is a fact, and so is the want of one.</summary>
internal static class Question
{
    /// <summary>What one question may take; a host that is slower than this is not ready for a migration.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What a look into a host may take: a login comes before it, which a busy host or a slow name server makes long.</summary>
    internal static readonly TimeSpan ShellPatience = TimeSpan.FromSeconds(30);

    private static readonly Meter Meter = new("LiveMigration.Readiness");

    private static readonly Counter<long> Asked = Meter.CreateCounter<long>(
        "livemigration.readiness.questions", description: "Questions that readiness asked of hosts.");

    /// <summary>Asks the host.</summary>
    internal static Task<Fact<T>> AskAsync<T>(this LibvirtHost host, Func<Connection, T> question, CancellationToken cancellationToken) =>
        TryAsync(
            () =>
            {
                Asked.Add(1);
                return host.CallAsync(question, Patience, cancellationToken);
            });

    /// <summary>A question that is asked only where a check looks at the answer.</summary>
    internal static Task<Fact<T>> AskIfAsync<T>(
        this LibvirtHost host, bool wanted, Func<Connection, T> question, CancellationToken cancellationToken) =>
        wanted ? host.AskAsync(question, cancellationToken) : Task.FromResult(NotRequested<T>());

    /// <summary>The same of one domain.</summary>
    internal static Task<Fact<T>> AskIfAsync<T>(
        this LibvirtHost host, bool wanted, Guid domain, Func<NativeDomain, T> question, CancellationToken cancellationToken) =>
        wanted ? host.AskAsync(domain, question, cancellationToken) : Task.FromResult(NotRequested<T>());

    /// <summary>Asks something of one domain.</summary>
    internal static Task<Fact<T>> AskAsync<T>(
        this LibvirtHost host, Guid domain, Func<NativeDomain, T> question, CancellationToken cancellationToken) =>
        host.AskAsync(
            connection =>
            {
                using var found = connection.LookupByUuid(domain);
                return question(found);
            },
            cancellationToken);

    /// <summary>The answer that another part of the operation may wait for longer.</summary>
    internal static async Task<T> WithinPatienceAsync<T>(this LibvirtHost host, Task<T> answer)
    {
        try
        {
            return await answer.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw host.NotAnswering(Patience);
        }
    }

    /// <summary>The answer to a question that no check looks at.</summary>
    internal static Fact<T> NotRequested<T>() => Fact<T>.Untold("This was not requested.");

    /// <summary>Does what may fail; a failure that is ours to report is a reason.</summary>
    internal static async Task<Fact<T>> TryAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return Fact<T>.Had(await ask().ConfigureAwait(false));
        }
        catch (Exception error) when (ReasonIn<T>(error) is { } reason)
        {
            return reason;
        }
    }

    /// <summary>Asks for a part of an answer, in the question that is being asked.</summary>
    internal static Fact<T> Try<T>(Func<T> ask)
    {
        try
        {
            return Fact<T>.Had(ask());
        }
        catch (Exception error) when (ReasonIn<T>(error) is { } reason)
        {
            return reason;
        }
    }

    private static Fact<T>? ReasonIn<T>(Exception error) => error switch
    {
        LibvirtException missing when MissingDriver.Is(missing) => Fact<T>.Untold(
            missing.Code is LibvirtErrorCode.NoSupport ? $"{missing.Host}: the driver does not support {missing.Function}." : missing.Message),
        MissingFactException { IsUntold: true } => Fact<T>.Untold(error.Message),
        LiveMigrationException or ObjectDisposedException or MissingFactException or FormatException or XmlException => Fact<T>.Failed(error.Message),
        _ => null,
    };
}
