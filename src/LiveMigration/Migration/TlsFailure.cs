using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Planning;

namespace LiveMigration.Migration;

/// <summary>
/// Why a stream with TLS did not come about. libvirt passes on the destination's words, and of a certificate that was not accepted
/// the destination knows nothing: its QEMU sees a connection that ends. The source's QEMU knows, and is asked.
/// </summary>
internal static class TlsFailure
{
    private const string MakingReady = "'object-add': ";
    private const string Refused = "Cannot write to TLS channel";

    private const string Died = "unexpectedly closed the monitor";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly string[] Broken = ["TLS channel", Died, "Unable to write to socket", "job 'migration out' failed"];

    /// <summary>The error in words that name the host and the cause; null when it is none of TLS.</summary>
    /// <param name="plan">What was tried.</param>
    /// <param name="error">What libvirt said before anything of the guest was sent.</param>
    /// <param name="arrival">Whether the destination had made ready.</param>
    internal static async Task<LiveMigrationException?> ExplainAsync(MigrationPlan plan, LibvirtException error, Arrival arrival)
    {
        var words = error.LibvirtMessage.TrimEnd('.');
        if (error.Fault == Faults.TlsNotSetUp)
        {
            var host = await WhoseAsync(plan, words, arrival).ConfigureAwait(false);
            return new LiveMigrationException(Faults.TlsNotSetUp, $"QEMU on {host} has no certificates for an encrypted migration: {Last(words)}.", host, error);
        }

        if (error.Fault == Faults.CertificateUnusable)
        {
            var host = await WhoseAsync(plan, words, arrival).ConfigureAwait(false);
            return new LiveMigrationException(Faults.CertificateUnusable, $"QEMU on {host} cannot use its certificates: {Last(words)}.", host, error);
        }

        // A destination that is down has refused nothing.
        return Array.Exists(Broken, part => words.Contains(part, StringComparison.Ordinal)) && await AnswersAsync(plan).ConfigureAwait(false)
            ? Handshake(plan, error, await AskSourceAsync(plan).ConfigureAwait(false))
            : null;
    }

    private static LiveMigrationException? Handshake(MigrationPlan plan, LibvirtException error, string? said)
    {
        var (source, destination) = (plan.Source.Name, plan.Destination.Name);
        // A destination that refuses hangs up and lives on; where its QEMU died, libvirt says so, mostly.
        if (said?.StartsWith(Refused, StringComparison.Ordinal) is true)
            return error.LibvirtMessage.Contains(Died, StringComparison.Ordinal) ? null : new LiveMigrationException(
                Faults.ClientCertificateRejected,
                $"{destination} does not accept the client certificate of QEMU on {source}: it has none, or one that is not from {destination}'s CA or not valid on {destination}'s clock. (Or QEMU on {destination} crashed at that moment: check its log.)",
                destination,
                error);
        return said is not null && (said.Contains("ertificate", StringComparison.Ordinal) || said.Contains("TLS", StringComparison.Ordinal))
            ? new LiveMigrationException(
                Faults.CertificateRejected, $"{source} does not accept the certificate of QEMU on {destination}: {said.TrimEnd('.')}.", destination, error)
            : null;
    }

    /// <summary>The files say it where they are of one side; the rest both sides have.</summary>
    private static async Task<string> WhoseAsync(MigrationPlan plan, string words, Arrival arrival) =>
        words.Contains("server", StringComparison.OrdinalIgnoreCase) ? plan.Destination.Name
        : words.Contains("client", StringComparison.OrdinalIgnoreCase) ? plan.Source.Name
        : await arrival.HasBegunAsync().ConfigureAwait(false) ? plan.Source.Name : plan.Destination.Name;

    private static async Task<bool> AnswersAsync(MigrationPlan plan)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await plan.Destination.PingAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failed) when (failed is LiveMigrationException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What QEMU gives as the reason of its last migration's failure. It costs the domain a taint, and tells what nobody else does.</summary>
    private static async Task<string?> AskSourceAsync(MigrationPlan plan)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var monitor = await plan.Domain.OpenMonitorAsync(cancellationToken: limit.Token).ConfigureAwait(false);
            await using (monitor.ConfigureAwait(false))
                return await monitor.QueryMigrationErrorAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is LiveMigrationException or OperationCanceledException)
        {
            return null; // libvirt's own words have to do.
        }
    }

    private static string Last(string words) =>
        words.IndexOf(MakingReady, StringComparison.Ordinal) is >= 0 and var at ? words[(at + MakingReady.Length)..] : words;
}
