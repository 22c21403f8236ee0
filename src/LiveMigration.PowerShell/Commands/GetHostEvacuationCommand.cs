using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The evacuations of this user on this machine, under way and ended.</summary>
[Cmdlet(VerbsCommon.Get, "HostEvacuation", HelpUri = OnlineHelp.Pages + "Get-HostEvacuation.md")]
[OutputType(typeof(HostEvacuation))]
public sealed class GetHostEvacuationCommand : AsyncCmdlet
{
    /// <summary>The evacuations; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EvacuationCompleter))]
    public EvacuationReference[] Id { get; set; } = [];

    /// <summary>Only evacuations of these hosts, by the names that the hosts had.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Only evacuations that started at this time or later.</summary>
    [Parameter]
    public DateTime? After { get; set; }

    /// <summary>Only evacuations in these states.</summary>
    [Parameter]
    public EvacuationState[] State { get; set; } = [];

    /// <summary>Only the latest one.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        // A host that is piped in means its evacuations.
        var ids = Id.Where(id => id.HostName is null).Select(id => id.Text).ToArray();
        var patterns = (ids.Length == 0 ? ["*"] : ids).Select(id => WildcardPattern.Get(id, WildcardOptions.IgnoreCase)).ToArray();
        foreach (var missing in ids.Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && !UserState.Evacuations.Ids.Contains(id)))
            await output.WriteErrorAsync(new LiveMigrationException(Faults.EvacuationNotFound, $"There is no evacuation '{missing}'.{(HostSessions.Find(missing) is null ? "" : $" Evacuations of the host {missing}: Get-HostEvacuation -HostName {missing}.")}").ToErrorRecord(missing));
        var found = new List<HostEvacuation>();
        foreach (var id in UserState.Evacuations.Ids.Where(id => patterns.Any(pattern => pattern.IsMatch(id))))
        {
            try
            {
                if (UserState.Evacuations.Get(id) is var evacuation && IsWanted(evacuation))
                    found.Add(evacuation);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(id));
            }
        }

        await output.WriteObjectsAsync(Latest ? found.TakeLast(1).ToArray() : found.ToArray());
    }

    private bool IsWanted(HostEvacuation evacuation) =>
        (State.Length == 0 || State.Contains(evacuation.State))
        && (After is not { } after || evacuation.StartTime >= after)
        && (Id.All(id => id.HostName is null) || Id.Any(id => evacuation.Sources.Contains(id.HostName, StringComparer.OrdinalIgnoreCase)))
        && (HostName.Length == 0 || HostName.Any(host => evacuation.Sources.Any(WildcardPattern.Get(host.Text, WildcardOptions.IgnoreCase).IsMatch)));
}
