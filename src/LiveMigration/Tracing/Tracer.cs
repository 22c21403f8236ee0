using System.Diagnostics;
using LiveMigration.Units;

namespace LiveMigration.Tracing;

/// <summary>Says what the core does. Every member costs next to nothing while nobody listens.</summary>
internal static class Tracer
{
    /// <summary>Whether somebody listens to the sentences of this flow of control.</summary>
    internal static bool IsHeard => MigrationTracing.Events.IsEnabled(MigrationTracing.Message);

    /// <summary>Begins a span. Null when nobody wants it.</summary>
    internal static Activity? Begin(string what, string? host = null) => Tag(MigrationTracing.Activities.StartActivity(what), host);

    /// <summary>Begins the span of a call to another program. Null when nobody wants it.</summary>
    internal static Activity? Call(string function, string system, string? host) =>
        Tag(MigrationTracing.Activities.StartActivity(function, ActivityKind.Client), host)?.SetTag(MigrationTracing.SystemTag, system);

    /// <summary>Says a sentence; it is also an event of the span under way.</summary>
    internal static void Say(Sentence sentence)
    {
        if (!sentence.IsHeard)
            return;
        var text = sentence.Take();
        MigrationTracing.Events.Write(MigrationTracing.Message, text);
        if (Activity.Current is { IsAllDataRequested: true } span && span.Source == MigrationTracing.Activities)
            span.AddEvent(new ActivityEvent(text));
    }

    /// <summary>That a host was asked something.</summary>
    internal static void Asked(string host, long since)
    {
        if (MigrationTracing.Events.IsEnabled(MigrationTracing.Question))
            MigrationTracing.Events.Write(MigrationTracing.Question, new HostQuestion(host, Since(since)));
    }

    /// <summary>The time, for <see cref="Since"/>.</summary>
    internal static long Now => Stopwatch.GetTimestamp();

    /// <summary>How long ago that was.</summary>
    internal static Duration Since(long start) => Stopwatch.GetElapsedTime(start);

    private static Activity? Tag(Activity? span, string? host) => host is null ? span : span?.SetTag(MigrationTracing.HostTag, host);
}
