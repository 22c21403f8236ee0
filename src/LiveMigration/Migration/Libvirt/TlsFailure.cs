using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Libvirt;

/// <summary>
/// Why a stream with TLS did not come about. libvirt passes on the destination's words, and of a certificate that was not accepted
/// the destination knows nothing: its QEMU sees a connection that ends. The source's QEMU knows, and is asked.
/// </summary>
internal static class TlsFailure
{
    private const string MakingReady = "'object-add'";
    private const string Refused = "Cannot write to TLS channel";

    private const string Died = "unexpectedly closed the monitor";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly string[] Broken = ["TLS channel", Died, "Unable to write to socket", "job 'migration out' failed"];

    /// <summary>Faults that tell where a stream ended, and not why.</summary>
    private static readonly Fault[] Vague = [Faults.LibvirtFailed, Faults.StreamBroken, Faults.DestinationQemuFailed, Faults.CertificateRejected];

    /// <summary>The error in words that name the host and the cause; null when it is none of TLS.</summary>
    /// <param name="plan">What was tried.</param>
    /// <param name="error">What libvirt said before anything of the guest was sent.</param>
    /// <param name="readiness">Whether the destination had made ready.</param>
    internal static async Task<LiveMigrationException?> ExplainAsync(MigrationPlan plan, LibvirtException error, DestinationReadiness readiness)
    {
        var words = error.LibvirtMessage.TrimEnd('.');
        if (error.Fault == Faults.TlsNotSetUp)
        {
            var host = await WhoseAsync(plan, words, readiness).ConfigureAwait(false);
            return new LiveMigrationException(Faults.TlsNotSetUp, $"QEMU on {host} has no certificates for an encrypted migration: {Last(words)}.", host, error);
        }

        if (error.Fault == Faults.CertificateUnusable)
        {
            var host = await WhoseAsync(plan, words, readiness).ConfigureAwait(false);
            return new LiveMigrationException(Faults.CertificateUnusable, $"QEMU on {host} cannot use its certificates: {Last(words)}.", host, error);
        }

        // A destination that is down has refused nothing, and a source that was not told to send remembers an earlier migration.
        if (!MayBe(error) || !await AnswersAsync(plan).ConfigureAwait(false))
            return null;
        var begun = await readiness.HasBegunAsync().ConfigureAwait(false);
        return Judge(error, begun, begun ? await AskSourceAsync(plan).ConfigureAwait(false) : null, plan.Source.Name, plan.Destination.Name);
    }

    /// <summary>Whether libvirt's words may be about the stream; words that are not known may be about anything.</summary>
    internal static bool MayBe(LibvirtException error) =>
        error.Fault == Faults.LibvirtFailed || Array.Exists(Broken, part => error.LibvirtMessage.Contains(part, StringComparison.Ordinal));

    /// <summary>What is known by the words of both QEMUs is named; the rest is told as it was said. Null for what is none of TLS.</summary>
    /// <param name="error">What libvirt said.</param>
    /// <param name="begun">Whether the destination had made ready: before, the error may be of the daemons' connection.</param>
    /// <param name="said">What the source's QEMU says; null where it does not.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="destination">The destination's name.</param>
    internal static LiveMigrationException? Judge(LibvirtException error, bool begun, string? said, string source, string destination)
    {
        // A destination that refuses hangs up and lives on; where its QEMU died, libvirt says so, mostly.
        if (said?.StartsWith(Refused, StringComparison.Ordinal) is true)
            return error.LibvirtMessage.Contains(Died, StringComparison.Ordinal) ? null : new LiveMigrationException(
                Faults.ClientCertificateRejected,
                $"{destination} does not accept the client certificate of QEMU on {source}: it has none, or one that is not from {destination}'s CA or not valid on {destination}'s clock. (Or QEMU on {destination} crashed at that moment: check its log.)",
                destination,
                error);
        if (said?.Contains("ertificate", StringComparison.Ordinal) is true)
            return new LiveMigrationException(Faults.CertificateRejected, $"{source} does not accept the certificate of QEMU on {destination}: {said.TrimEnd('.')}.", destination, error);
        var isTls = begun && (Mentions(said) || Mentions(error.LibvirtMessage)) && Array.Exists(Vague, fault => fault == error.Fault);
        return isTls || error.Fault == Faults.LibvirtFailed
            ? new LiveMigrationException(
                isTls ? Faults.EncryptionFailed : error.Fault,
                $"The encrypted migration from {source} to {destination} failed before it sent data. libvirt: {error.LibvirtMessage.TrimEnd('.')}.{(said is null ? "" : $" QEMU on {source}: {said.TrimEnd('.')}.")} Test-MigrationCertificate shows whether the certificates are the cause.",
                destination,
                error)
            : null;
    }

    private static bool Mentions(string? words) => words?.Contains("TLS", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>The files say it where they are of one side; the rest both sides have.</summary>
    private static async Task<string> WhoseAsync(MigrationPlan plan, string words, DestinationReadiness readiness) =>
        words.Contains("server", StringComparison.OrdinalIgnoreCase) ? plan.Destination.Name
        : words.Contains("client", StringComparison.OrdinalIgnoreCase) ? plan.Source.Name
        : await readiness.HasBegunAsync().ConfigureAwait(false) ? plan.Source.Name : plan.Destination.Name;

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
        words.IndexOf(MakingReady, StringComparison.Ordinal) is >= 0 and var at && words.IndexOf(": ", at, StringComparison.Ordinal) is >= 0 and var colon ? words[(colon + 2)..] : words;
}
