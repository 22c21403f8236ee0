using System.Diagnostics;

namespace LiveMigration.Tracing;

/// <summary>
/// What the core does, for those who watch. Spans (connections, plans, migrations, and each call of libvirt and QMP) come from an
/// <see cref="ActivitySource"/>, which OpenTelemetry subscribes to by its name; sentences for people come from a
/// <see cref="DiagnosticListener"/>. No argument of a call is in either, so no secret can be. Nothing is created while nobody listens.
/// </summary>
public static class MigrationTracing
{
    /// <summary>The name of both.</summary>
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
    public static ActivitySource Activities { get; } = new(Name, typeof(MigrationTracing).Assembly.GetName().Version?.ToString(3) ?? "");

    /// <summary>Sentences, and questions to hosts.</summary>
    public static DiagnosticListener Events { get; } = new(Name);
}
