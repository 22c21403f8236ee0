using System.Management.Automation;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The migrations in progress, no matter who started them.</summary>
[Cmdlet(VerbsCommon.Get, "VMLiveMigration", HelpUri = OnlineHelp.Pages + "Get-VMLiveMigration.md")]
[OutputType(typeof(MigrationRun), typeof(QemuMigrationRecord))]
public sealed class GetVMLiveMigrationCommand : HostCmdlet
{
    /// <summary>The VMs; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigratingDomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>The hosts to search; all connected hosts by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Source")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var ofQemu = HostName.Length == 0 && Name.All(name => name.NotDomain is null) ? MigrationFinder.OfQemu(Name) : [];
        foreach (var run in ofQemu)
            await output.WriteObjectAsync(run);
        var names = MigrationFinder.Without(Name, ofQemu);
        if (HostName.Length == 0 && Name.All(name => name.NotDomain is null))
        {
            // Those of other processes: that they are under way, or are not any more, is all that can be known from here.
            var others = QemuRecordFinder.Find(Name);
            foreach (var record in others)
                await output.WriteObjectAsync(record);
            names = [.. names.Where(name => name.HasWildcard || !others.Any(record => QemuRecordFinder.IsMeant(name, record)))];
        }

        if (names.Length == 0 && Name.Length > 0)
            return;
        // Nothing connected means that nothing can be under way that we could see; that is an answer, and no error.
        // A host that is piped in is the one, by its URI; its name in a column beside it might be another machine's here.
        HostReference[] piped = [.. Name.Select(name => name.NotDomain).OfType<HostReference>()];
        var named = piped.Length > 0 && !IsTyped(nameof(HostName)) ? piped : [.. piped, .. Given(HostName)];
        var hosts = named.Length == 0 ? await Connected.TakeAsync(output.WriteWarning, cancellationToken) : await ResolveAsync(named, output, cancellationToken, orNone: true);
        foreach (var run in await MigrationFinder.FindAsync(hosts, [.. names.Where(name => name.NotDomain is null)], output.WriteErrorAsync, cancellationToken))
            await output.WriteObjectAsync(run);
        WriteNotices(output);
    }
}
