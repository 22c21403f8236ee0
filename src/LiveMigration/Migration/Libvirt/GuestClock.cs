using LiveMigration.Errors;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Libvirt;

/// <summary>
/// The clock of a guest that stood still for long: KVM's clock goes on where it stopped, and a guest that is behind by seconds fails in Kerberos
/// and in clusters of databases. Its agent sets it; where none answers, that is said.
/// </summary>
internal static class GuestClock
{
    /// <summary>A pause after which somebody should look; time services bridge less by themselves.</summary>
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    /// <summary>What became of the clock; null where the guest stood still only for a moment.</summary>
    internal static async Task<string?> SetAsync(MigrationPlan plan, TimeSpan? pause)
    {
        if (!(pause >= Long) || plan.Options.Offline)
            return null;
        var still = $"'{plan.FinalName}' was paused for {new Units.Duration(pause.Value)}";
        try
        {
            await plan.Destination.CallAsync(plan.Domain.Uuid, native => native.SetTimeByClock(), CancellationToken.None).ConfigureAwait(false);
            return $"{still}: its agent has set its clock.";
        }
        catch (LiveMigrationException error)
        {
            return $"{still}, and no agent has set its clock: check the time in the guest. {error.Message}";
        }
    }
}
