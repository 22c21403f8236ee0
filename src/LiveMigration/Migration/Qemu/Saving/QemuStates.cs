using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>QEMU → saved state → QEMU.</summary>
public static class QemuStates
{
    /// <summary>Saves the state of a guest. Whatever fails, the guest is as it was, and nothing is left of the try.</summary>
    /// <param name="process">The guest's QEMU.</param>
    /// <param name="options">Where, and how.</param>
    /// <param name="progress">Gets how far it is; from any thread.</param>
    /// <param name="notice">Gets what the user should know; from any thread.</param>
    /// <param name="cancellationToken">Gives up: the guest goes on as before.</param>
    /// <exception cref="LiveMigrationException">It was not saved; the message says why, and how the guest is.</exception>
    public static Task<SavedState> SaveStateAsync(
        this QemuProcess process, StateSaving options, Action<StateProgress>? progress = null, Action<string>? notice = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new QemuStateSaver(process, options, progress ?? (_ => { }), notice ?? (_ => { })).RunAsync(cancellationToken);
    }

    /// <summary>Reads a saved state to its end, and looks whether it fits. Nothing is changed.</summary>
    /// <param name="twin">The QEMU that waits for it (<c>-incoming defer</c>), started like the one that was saved.</param>
    /// <param name="options">From where, and how.</param>
    /// <param name="progress">Gets how far it is; from any thread.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LiveMigrationException">It cannot be read, is damaged, or does not fit.</exception>
    public static Task<StateRestorePlan> PlanRestoreAsync(this QemuProcess twin, StateRestoring options, Action<StateProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(twin);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new QemuStateRestorer(twin, options, progress ?? (_ => { })).PlanAsync(cancellationToken);
    }

    /// <summary>Has QEMU load the state, and run the guest where that is meant.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="progress">Gets how far it is; from any thread.</param>
    /// <param name="cancellationToken">Gives up: a QEMU that was sent a part is ended then.</param>
    /// <exception cref="LiveMigrationException">It was not restored; the message says why, and what became of QEMU. The file is unchanged.</exception>
    public static Task RunAsync(this StateRestorePlan plan, Action<StateProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new QemuStateRestorer(plan.Twin, plan.Options, progress ?? (_ => { })).RunAsync(plan, cancellationToken);
    }
}
