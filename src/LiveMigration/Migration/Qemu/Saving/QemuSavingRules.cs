using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>Whether a QEMU can do what is asked for. Pure.</summary>
internal static class QemuSavingRules
{
    internal const string BackgroundSnapshot = "background-snapshot";

    internal const string MappedRam = "mapped-ram";

    /// <exception cref="LiveMigrationException">It cannot.</exception>
    internal static void CheckSave(QemuProcess process, StateSaving options)
    {
        var (facts, host) = (process.Facts, process.HostName);
        if (QemuStatus.IsUnderWay(facts.Migration) || facts.Migration is "postcopy-paused")
            throw new LiveMigrationException(Faults.MigrationInProgress, $"'{process}' is being migrated or saved ({facts.Migration}).", host);
        if (facts.State is "postmigrate")
        {
            throw new LiveMigrationException(
                Faults.QemuStateWrong, $"'{process}' was stopped by a migration or a save that nobody ended, and QEMU cannot save it like that. If no other QEMU has the VM, continue it: Invoke-QmpCommand cont -Name {process.Address}.", host);
        }

        if (facts.State is not ("running" or "paused" or "suspended" or "prelaunch" or "io-error" or "debug"))
            throw new LiveMigrationException(Faults.QemuStateWrong, $"'{process}' is {facts.State}: there is no VM to save.", host);
        if (facts.Blockers is { Count: > 0 } blockers)
            throw new LiveMigrationException(Faults.NotSupported, $"'{process}' cannot be saved: {string.Join("; ", blockers)}.", host);
        if (options.Live && !facts.Capabilities.ContainsKey(BackgroundSnapshot))
            throw new LiveMigrationException(Faults.NotSupported, $"QEMU {facts.Version} of '{process}' cannot save a VM that goes on ({BackgroundSnapshot}, QEMU 6.0).", host);
        if (options.MappedRam && !facts.Capabilities.ContainsKey(MappedRam))
            throw new LiveMigrationException(Faults.NotSupported, $"QEMU {facts.Version} of '{process}' has no {MappedRam} (QEMU 9.0).", host);
    }

    /// <exception cref="LiveMigrationException">It does not wait for a guest.</exception>
    internal static void CheckTwin(QemuProcess twin)
    {
        if (twin.State is not "inmigrate")
            throw new LiveMigrationException(Faults.QemuStateWrong, $"'{twin}' at {twin.Address} is {twin.State}: a state is restored into a QEMU that was started with -incoming defer and waits, for example by Start-QemuDestination.", twin.HostName);
        if (twin.Facts.Migration is { } migration)
            throw new LiveMigrationException(Faults.QemuStateWrong, $"'{twin}' at {twin.Address} has begun to receive a VM already ({migration}): start another QEMU.", twin.HostName);
    }
}
