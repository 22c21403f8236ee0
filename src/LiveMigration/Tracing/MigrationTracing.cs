using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LiveMigration.Tracing;

/// <summary>
/// What the core does, for those who watch. Spans (connections, plans, migrations, and each call of libvirt and QMP) come from an
/// <see cref="ActivitySource"/> and metrics from a <see cref="System.Diagnostics.Metrics.Meter"/>, which OpenTelemetry subscribes to by their name; sentences for people
/// come from a <see cref="DiagnosticListener"/>. No argument of a call is in either, so no secret can be. Nothing is created while nobody listens.
/// </summary>
public static class MigrationTracing
{
    /// <summary>The name of all three.</summary>
    public const string Name = "LiveMigration";

    /// <summary>The event whose payload is a <see cref="string"/>: what is tried, decided, or done, as a sentence.</summary>
    public const string Message = "LiveMigration.Message";

    /// <summary>The event whose payload is a <see cref="HostQuestion"/>: a host was asked something.</summary>
    public const string Question = "LiveMigration.Question";

    /// <summary>The tag of a span that names the host.</summary>
    public const string HostTag = "livemigration.host";

    /// <summary>The tag of a call's span that says over which protocol it went: <c>libvirt</c>, <c>qmp</c> or <c>ssh</c>.</summary>
    public const string SystemTag = "rpc.system";

    /// <summary>Spans.</summary>
    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>Metrics: <see cref="MigrationMetrics"/> lists them.</summary>
    public static Meter Meter { get; } = new(Name, Version);

    /// <summary>Sentences, and questions to hosts.</summary>
    public static DiagnosticListener Events { get; } = new(Name);

    /// <summary>The version of this assembly.</summary>
    internal static string Version => typeof(MigrationTracing).Assembly.GetName().Version?.ToString(3) ?? "";
}
