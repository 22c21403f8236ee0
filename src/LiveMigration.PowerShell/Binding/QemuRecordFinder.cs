using System.Management.Automation;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu;

namespace LiveMigration.PowerShell.Binding;

/// <summary>Names → the migrations between QEMUs that another process carries out, or has left behind.</summary>
internal static class QemuRecordFinder
{
    internal static QemuMigrations Migrations => new(UserState.Store);

    /// <summary>Those of these VMs; all when none is named.</summary>
    internal static IReadOnlyList<QemuMigrationRecord> Find(IReadOnlyList<DomainReference> names) =>
        [.. Others().Where(record => names.Count == 0 || names.Any(name => IsMeant(name, record)))];

    /// <summary>Those by their ids, or the names of their VMs.</summary>
    internal static IReadOnlyList<QemuMigrationRecord> Find(string text) => [.. Others().Where(record => Is(text, record))];

    /// <summary>Those that a QEMU is the source or the destination of.</summary>
    internal static IReadOnlyList<QemuMigrationRecord> Find(QemuProcess process) =>
        [.. Others().Where(record => record.Source == process.Address.Text || record.Destination == process.Address.Text)];

    internal static bool IsMeant(DomainReference name, QemuMigrationRecord record) =>
        name.Domain is null && name.NotDomain is null && name.Run is null
        && (Is(name.Text, record) || (Guid.TryParse(name.Text, out var uuid) && uuid == record.Uuid && uuid != Guid.Empty));

    private static bool Is(string text, QemuMigrationRecord record) =>
        record.Id == text || WildcardPattern.Get(text, WildcardOptions.IgnoreCase).IsMatch(record.Name);

    /// <summary>What this process carries out is a run.</summary>
    private static IEnumerable<QemuMigrationRecord> Others() =>
        Migrations.List().Where(record => record.IsInterrupted || record.ProcessId != Environment.ProcessId);
}
