using System.Collections.Concurrent;
using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;
using LiveMigration.State;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Hosts;

/// <summary>
/// A host that is connected. Its control connection carries events and answers questions, with others beside it when there are many,
/// and never runs a migration; when it is lost, the next question restores it.
/// </summary>
public sealed class LibvirtHost : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly QuestionConnections _questions;
    private readonly ConcurrentQueue<string> _notices = new();
    private Connection? _control;
    private Identity? _identity;
    private bool _disposed;

    /// <summary>Makes a host that connects with the first question.</summary>
    internal LibvirtHost(string name, HostUri uri, HostOptions options)
    {
        Name = name;
        Uri = uri;
        Options = options;
        State = options.State ?? new StateStore(StateStore.UserFolder);
        MigrationConnections = new MigrationConnections(this);
        _questions = new QuestionConnections(this);
    }

    /// <summary>The name under which it was connected.</summary>
    public string Name { get; private set; }

    /// <summary>The connection's URI.</summary>
    public HostUri Uri { get; }

    /// <summary>How it is connected. Not public: whoever prints a host must not print a password.</summary>
    internal HostOptions Options { get; }

    /// <summary>Where what is changed on it is written down.</summary>
    internal StateStore State { get; }

    /// <summary>Whether the control connection stands now.</summary>
    public bool IsConnected => _control is { } control && !control.Lost.IsCompleted;

    internal MigrationConnections MigrationConnections { get; }

    /// <summary>What its domains do, as long as the control connection stands; a new one tells the same listeners.</summary>
    internal DomainEvents Events { get; } = new();

    /// <summary>Connects to a host.</summary>
    /// <param name="name">The name to use for it in messages.</param>
    /// <param name="uri">Where it is.</param>
    /// <param name="options">How to connect.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The host does not answer, or denies access.</exception>
    public static async Task<LibvirtHost> ConnectAsync(
        string name, HostUri uri, HostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var host = new LibvirtHost(name, uri, options ?? HostOptions.Default);
        await host.ControlAsync(cancellationToken).ConfigureAwait(false);
        return host;
    }

    /// <summary>Gives the host another name for messages; connections and what was read from it stay.</summary>
    /// <param name="name">The new name.</param>
    public void Rename(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Whether a connection made in this way would be the same.</summary>
    /// <param name="uri">Where it is.</param>
    /// <param name="options">How to connect.</param>
    public bool IsLike(HostUri uri, HostOptions options) => Uri == uri && Options with { State = null } == options with { State = null };

    /// <summary>
    /// What there is to say since the last time this was asked: that the connection was lost and restored, or that what another
    /// client left behind was put in order.
    /// </summary>
    public IReadOnlyList<string> TakeNotices()
    {
        var notices = new List<string>();
        while (_notices.TryDequeue(out var notice))
            notices.Add(notice);
        return notices;
    }

    /// <summary>Asks the host what it is and has.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<HostInfo> GetInfoAsync(CancellationToken cancellationToken = default) =>
        IdentifyAsync(connection => HostFacts.Read(this, connection).Info with { Maintenance = MaintenanceMark.TryRead(connection, Name) }, info => info.Uuid, cancellationToken);

    /// <summary>The same with its capabilities, and without its maintenance.</summary>
    internal Task<HostFacts> GetFactsAsync(CancellationToken cancellationToken) =>
        IdentifyAsync(connection => HostFacts.Read(this, connection), facts => facts.Info.Uuid, cancellationToken);

    /// <summary>The host's UUID, which stays as long as its daemon runs: it is asked once per control connection. Null where it has none.</summary>
    internal async Task<Guid?> GetUuidAsync(CancellationToken cancellationToken)
    {
        var control = await ControlAsync(cancellationToken).ConfigureAwait(false);
        return _identity is { } known && known.Of == control ? known.Uuid : await IdentifyAsync(HostFacts.Uuid, uuid => uuid, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds to what there is to say.</summary>
    internal void Notice(string notice) => _notices.Enqueue(notice);

    /// <summary>Asks the host whether it answers; a lost connection is restored.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It does not.</exception>
    public Task PingAsync(CancellationToken cancellationToken = default) => CallAsync(connection => connection.GetHypervisorVersion(), cancellationToken);

    /// <summary>Asks a question; a lost connection is restored.</summary>
    internal Task<T> CallAsync<T>(Func<Connection, T> question, CancellationToken cancellationToken) =>
        CallAsync(question, Options.CallTimeout, cancellationToken);

    /// <summary>Asks a question that may take longer than others, or must not take as long.</summary>
    internal async Task<T> CallAsync<T>(Func<Connection, T> question, TimeSpan limit, CancellationToken cancellationToken)
    {
        var asked = Tracer.Now;
        var connection = await _questions.RentAsync(limit, cancellationToken).ConfigureAwait(false);
        try
        {
            return await BoundedAsync(() => AskAndReturn(connection, question), limit, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException error) when (!_disposed)
        {
            // It was lost, and another call has closed it before this one could ask.
            throw new LiveMigrationException(Faults.ConnectionLost, $"{Name}: the connection was lost.", Name, error);
        }
        finally
        {
            Tracer.Asked(Name, asked);
        }
    }

    /// <summary>Asks a question whose answer says which host this is, and keeps that.</summary>
    private async Task<T> IdentifyAsync<T>(Func<Connection, T> question, Func<T, Guid?> uuid, CancellationToken cancellationToken)
    {
        var control = await ControlAsync(cancellationToken).ConfigureAwait(false);
        var answer = await CallAsync(question, cancellationToken).ConfigureAwait(false);
        _identity = new(control, uuid(answer));
        return answer;
    }

    private T AskAndReturn<T>(Connection connection, Func<Connection, T> question)
    {
        try
        {
            return question(connection);
        }
        finally
        {
            _questions.Return(connection);
        }
    }

    /// <summary>Tells the host to do something.</summary>
    internal Task CallAsync(Action<Connection> order, CancellationToken cancellationToken) =>
        CallAsync<bool>(
            connection =>
            {
                order(connection);
                return true;
            },
            cancellationToken);

    /// <summary>Tells a domain to do something, which is undone where it happens after it was given up.</summary>
    internal Task OrderAsync(Guid domain, Action<NativeDomain> order, Action<NativeDomain> undo, CancellationToken cancellationToken)
    {
        return new Order<bool>(this, connection => On(connection, order), (connection, _) => On(connection, undo)).GiveAsync(Options.CallTimeout, cancellationToken);

        bool On(Connection connection, Action<NativeDomain> what)
        {
            using var found = connection.LookupByUuid(domain);
            what(found);
            return true;
        }
    }

    /// <summary>Asks something of one domain.</summary>
    internal Task<T> CallAsync<T>(Guid domain, Func<NativeDomain, T> question, CancellationToken cancellationToken) =>
        CallAsync(
            connection =>
            {
                using var found = connection.LookupByUuid(domain);
                return question(found);
            },
            cancellationToken);

    /// <summary>Tells a domain to do something.</summary>
    internal Task CallAsync(Guid domain, Action<NativeDomain> order, CancellationToken cancellationToken) =>
        CallAsync(
            connection =>
            {
                using var found = connection.LookupByUuid(domain);
                order(found);
            },
            cancellationToken);

    /// <summary>The control connection, opened if need be.</summary>
    internal async Task<Connection> ControlAsync(CancellationToken cancellationToken)
    {
        if (_disposed)
            throw new ObjectDisposedException(objectName: null, $"{Name} was disconnected.");
        if (_control is { } standing && !standing.Lost.IsCompleted)
            return standing;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_control is { } control)
            {
                if (!control.Lost.IsCompleted)
                    return control;
                Notice($"The connection to {Name} was lost ({Describe(control.Lost.Result)}); reconnecting.");
                _control = null;
                control.Dispose();
            }

            _control = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            _questions.Add(_control);
            return _control;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var span = Tracer.Begin("connect", Name);
        var start = Tracer.Now;
        Tracer.Say($"Connecting to {Uri}.");
        try
        {
            var connection = await OpenAsync(Events, cancellationToken).ConfigureAwait(false);
            var took = Tracer.Since(start);
            if (!Tracer.IsHeard)
                return connection;
            var versions = await VersionsAsync(connection).ConfigureAwait(false);
            Tracer.Say($"Connected to {Name}: {versions} ({took}).");
            return connection;
        }
        catch (LiveMigrationException error)
        {
            Tracer.Say($"Could not connect to {Name} ({Tracer.Since(start)}): {error.Message}");
            span?.SetStatus(ActivityStatusCode.Error, error.Fault.Id);
            throw;
        }
    }

    /// <summary>That somebody listens must not fail a connection that stands.</summary>
    private async Task<string> VersionsAsync(Connection connection)
    {
        try
        {
            return await BoundedAsync(() => Versions(connection), Options.CallTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            return error.Message;
        }
    }

    private static string Versions(Connection connection)
    {
        try
        {
            return $"libvirt {connection.GetLibvirtVersion()}, {connection.GetDriver()} {connection.GetHypervisorVersion()}";
        }
        catch (LibvirtException error)
        {
            return $"it does not report its versions ({error.Code})";
        }
    }

    /// <summary>Opens one more connection to this host.</summary>
    internal Task<Connection> OpenAsync(DomainEvents? events, CancellationToken cancellationToken) =>
        BoundedAsync(
            () =>
            {
                var keepAlive = new KeepAlive(Options.KeepAliveInterval, (uint)Options.KeepAliveCount);
                var connection = Connection.Open(ConnectionUri(), Name, Options.Credential, keepAlive);
                if (events is not null && !Uri.IsInProcess)
                    connection.RegisterEvents(events);
                return connection;
            },
            Options.ConnectTimeout,
            cancellationToken);

    /// <summary>Asks what takes long, over a connection of its own: the others stay free for questions that are answered at once.</summary>
    internal async Task<T> CallApartAsync<T>(Func<Connection, T> question, TimeSpan limit, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(events: null, cancellationToken).ConfigureAwait(false);
        return await BoundedAsync(
            () =>
            {
                using (connection)
                    return question(connection);
            },
            limit,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes all connections to the host.</summary>
    public void Dispose()
    {
        _disposed = true;
        MigrationConnections.Dispose();
        _questions.Dispose();
        Interlocked.Exchange(ref _control, null)?.Dispose();
    }

    /// <summary>The host's name.</summary>
    public override string ToString() => Name;

    /// <summary>Under ssh nothing may ever stop to ask a person.</summary>
    private string ConnectionUri() =>
        Uri.Transport == "ssh" && !Uri.Has("no_tty") ? Uri.With("no_tty", "1").Text : Uri.Text;

    /// <summary>
    /// libvirt's calls cannot be called back: one that takes too long is left behind on its own thread, and its answer, should it ever
    /// come, is dropped. A thread of its own, for the pool's few grow by one or two a second: the limit would count the wait for one.
    /// </summary>
    internal async Task<T> BoundedAsync<T>(Func<T> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var calling = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await calling.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Abandon(calling);
            throw NotAnswering(limit);
        }
        catch (OperationCanceledException) when (!calling.IsCompleted)
        {
            Abandon(calling);
            throw;
        }
    }

    internal LiveMigrationException NotAnswering(TimeSpan limit) =>
        new(Faults.HostNotAnswering, $"{Name}: no answer from {Uri} within {new Duration(limit)}.", Name);

    private static void Abandon<T>(Task<T> calling) =>
        _ = calling.ContinueWith(
            static late =>
            {
                if (late.IsCompletedSuccessfully)
                    (late.Result as IDisposable)?.Dispose();
                else
                    _ = late.Exception; // Seen, so that it is not reported as unobserved; whoever asked is gone.
            },
            TaskScheduler.Default);

    private static string Describe(CloseReason reason) => reason switch
    {
        CloseReason.EndOfFile => "the daemon closed it",
        CloseReason.KeepAlive => "the host stopped answering",
        _ => "a connection error",
    };

    /// <summary>Which machine the daemon behind a connection said that it is.</summary>
    private sealed record Identity(Connection Of, Guid? Uuid);
}
