using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>
/// What <c>-Verbose</c> and <c>-Debug</c> show of one cmdlet: it listens to the core while the cmdlet works, and hears only what is done in
/// the cmdlet's own flow of control, however many others run beside it.
/// </summary>
internal sealed class CmdletTrace : IObserver<KeyValuePair<string, object?>>
{
    private static readonly AsyncLocal<CmdletTrace?> Current = new();

    private readonly ConcurrentDictionary<string, (int Count, TimeSpan Time)> _questions = new(StringComparer.Ordinal);
    private readonly bool _verbose;
    private readonly bool _debug;
    private volatile PipelineOutput? _output;

    private CmdletTrace(bool verbose, bool debug)
    {
        _verbose = verbose;
        _debug = debug;
    }

    /// <summary>Null when neither is asked for, by a switch or by the preference variable.</summary>
    internal static CmdletTrace? For(PSCmdlet cmdlet)
    {
        var debug = IsWanted(cmdlet, "Debug");
        // To PowerShell the switch -Debug means -Verbose as well, where that is not given.
        var verbose = IsWanted(cmdlet, "Verbose") || (debug && Switch(cmdlet, "Debug") is true && Switch(cmdlet, "Verbose") is null);
        return verbose || debug ? new CmdletTrace(verbose, debug) : null;
    }

    /// <summary>Listens to this flow of control until disposed.</summary>
    internal IDisposable Listen(PipelineOutput output)
    {
        _output = output;
        Current.Value = this;
        return new Listening(
            _verbose ? MigrationTracing.Events.Subscribe(this, (_, _, _) => Current.Value == this) : null,
            _debug ? CallListener() : null);
    }

    /// <summary>Says how often hosts were asked and how long that took.</summary>
    internal void Summarize(Action<string> write)
    {
        if (!_verbose || _questions.IsEmpty)
            return;
        var asked = _questions.OrderBy(host => host.Key, StringComparer.OrdinalIgnoreCase)
            .Select(host => $"{host.Key} {(host.Value.Count == 1 ? "once" : $"{host.Value.Count} times")} ({new Duration(host.Value.Time)})");
        write($"Asked {string.Join(", ", asked)}.");
        _questions.Clear();
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> told)
    {
        if (Current.Value != this)
            return;
        if (told is { Key: MigrationTracing.Message, Value: string sentence })
            _output?.TryWriteTrace(sentence, debug: false);
        else if (told.Value is HostQuestion question)
            _questions.AddOrUpdate(question.Host, (1, question.Took), (_, so) => (so.Count + 1, so.Time + question.Took));
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    private static bool? Switch(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var given) && given is SwitchParameter on ? on.ToBool() : null;

    private static bool IsWanted(PSCmdlet cmdlet, string stream) =>
        Switch(cmdlet, stream) is { } asked
            ? asked
            : LanguagePrimitives.TryConvertTo(cmdlet.GetVariableValue($"{stream}Preference"), out ActionPreference preference)
                && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private ActivityListener CallListener()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MigrationTracing.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Current.Value == this ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (Current.Value == this && span.Kind is ActivityKind.Client)
                    _output?.TryWriteTrace(Describe(span), debug: true);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>For example <c>virDomainGetState on kvm1: 0.4 ms</c>.</summary>
    private static string Describe(Activity span)
    {
        var host = span.GetTagItem(MigrationTracing.HostTag) is { } name ? $" on {name}" : "";
        var took = string.Create(CultureInfo.InvariantCulture, $"{span.Duration.TotalMilliseconds:0.0##} ms");
        return $"{span.GetTagItem(MigrationTracing.SystemTag)} {span.OperationName}{host}: {(span.Status is ActivityStatusCode.Error ? $"failed{(span.StatusDescription is { } why ? $" with {why}" : "")}, " : "")}{took}";
    }

    private sealed class Listening(IDisposable? sentences, IDisposable? calls) : IDisposable
    {
        public void Dispose()
        {
            sentences?.Dispose();
            calls?.Dispose();
        }
    }
}
