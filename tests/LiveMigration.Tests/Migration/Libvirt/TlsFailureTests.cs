using LiveMigration.Errors;
using LiveMigration.Migration.Libvirt;

namespace LiveMigration.Tests.Migration.Libvirt;

/// <summary>
/// Words of the kinds that QEMU, GnuTLS and libvirt have; those of QEMU 7.2 were recorded in the lab, the others are examples. What is not known is told
/// as it was said, and never taken for a host without certificates.
/// </summary>
public sealed class TlsFailureTests
{
    private const string Out = "operation failed: job 'migration out' failed: ";
    private const string Died = "internal error: qemu unexpectedly closed the monitor: 2026-11-28T10:00:00Z qemu-system-x86_64: ";

    [Theory]
    // QEMU 7.2.
    [InlineData(Out + "Cannot write to TLS channel: Input/output error", "Cannot write to TLS channel: Input/output error", "ClientCertificateRejected")]
    [InlineData(Died + "load of migration failed: Input/output error", "Certificate does not match the hostname wrong.lab", "CertificateRejected")]
    [InlineData(Out + "The certificate hasn't got a known issuer", "The certificate hasn't got a known issuer", "CertificateRejected")]
    [InlineData(Out + "The certificate has been revoked", "The certificate has been revoked", "CertificateRejected")]
    [InlineData(Died + "Cannot read from TLS channel: Input/output error", "Unable to write to socket: Connection reset by peer", "EncryptionFailed")]
    // With what GnuTLS says.
    [InlineData(Out + "TLS handshake failed: Error in the pull function.", "TLS handshake failed: Error in the pull function.", "EncryptionFailed")]
    [InlineData(Out + "Cannot read from TLS channel: The TLS connection was non-properly terminated.", "Cannot read from TLS channel: The TLS connection was non-properly terminated.", "EncryptionFailed")]
    [InlineData(Out + "TLS handshake failed: A packet with illegal or unsupported version was received.", null, "EncryptionFailed")]
    // Other languages, and words that nobody has seen before.
    [InlineData("Vorgang gescheitert: Auftrag 'migration out' gescheitert: TLS-Handshake fehlgeschlagen: Fehler in der Pull-Funktion.", "TLS handshake failed: Error in the pull function.", "EncryptionFailed")]
    [InlineData("操作失敗: TLS セッションを確立できません", null, "EncryptionFailed")]
    [InlineData("operation failed: the cipher of the hour is not agreed upon", null, "LibvirtFailed")]
    public void A_stream_that_could_not_be_encrypted_is_told_in_the_daemons_own_words(string libvirt, string? qemu, string fault)
    {
        var error = new LibvirtException(LibvirtErrorCode.OperationFailed, 10, libvirt, "virDomainMigrateToURI3", "a");
        Assert.True(TlsFailure.MayBe(error));
        var told = TlsFailure.Judge(error, begun: true, qemu, "a", "b");
        Assert.Equal(fault, told?.Fault.Id);
        Assert.Contains("Test-MigrationCertificate", $"{told!.Message} {told.Fault.RecommendedAction}", StringComparison.Ordinal);
        if (fault is "EncryptionFailed" or "LibvirtFailed")
        {
            Assert.Contains($"libvirt: {libvirt.TrimEnd('.')}.", told.Message, StringComparison.Ordinal);
            Assert.Contains(qemu is null ? "" : $"QEMU on a: {qemu.TrimEnd('.')}.", told.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Died + "Size mismatch: system.flash1: 0x10000 != 0x20000: Invalid argument", "Cannot read from TLS channel: Input/output error")]
    [InlineData("operation failed: job 'migration out' failed: Unable to write to socket: Bad file descriptor", "Unable to write to socket: Bad file descriptor")]
    [InlineData(Died + "load of migration failed: Input/output error", "Cannot write to TLS channel: Broken pipe")]
    public void What_is_none_of_TLS_is_left_as_it_is(string libvirt, string qemu) =>
        Assert.Null(TlsFailure.Judge(new LibvirtException(LibvirtErrorCode.OperationFailed, 10, libvirt, "x", "a"), begun: true, qemu, "a", "b"));

    /// <summary>Before the destination had made ready, the words are of the daemons' connection; another way to it may be tried.</summary>
    [Fact]
    public void Unknown_words_of_a_connection_stay_what_they_are() => Assert.Equal(
        Faults.LibvirtFailed,
        TlsFailure.Judge(new LibvirtException(LibvirtErrorCode.OperationFailed, 10, "Vorgang gescheitert: TLS-Aushandlung gescheitert", "x", "a"), begun: false, null, "a", "b")?.Fault);

    /// <summary>Only what says that a host has no certificates at all lets a migration go on without encryption.</summary>
    [Theory]
    [InlineData("Operation not supported: host migration TLS directory not configured", true)]
    [InlineData("Operation not supported: TLS migration is not supported with this QEMU binary", true)]
    [InlineData("internal error: unable to execute QEMU command 'object-add': Unable to access credentials /etc/pki/qemu/ca-cert.pem: No such file or directory", true)]
    [InlineData("internal error: unable to execute QEMU command 'object-add': Unable to access credentials /etc/pki/qemu/ca-cert.pem: Permission denied", false)]
    [InlineData("interner Fehler: QEMU-Befehl 'object-add' kann nicht ausgeführt werden: Unable to access credentials /etc/pki/qemu/ca-cert.pem: Datei oder Verzeichnis nicht gefunden", false)]
    [InlineData("Vorgang nicht unterstützt: TLS-Verzeichnis des Hosts nicht eingerichtet", false)]
    [InlineData("internal error: unable to execute QEMU command 'object-add': Unable to access credentials /etc/pki/qemu/server-key.pem: No such file or directory", false)]
    [InlineData("internal error: unable to execute QEMU command 'object-add': The CA certificate /etc/pki/qemu/ca-cert.pem is not yet active", false)]
    [InlineData("internal error: unable to execute QEMU command 'object-add': TLS credentials support requires GNUTLS", false)]
    [InlineData("operation failed: job 'migration out' failed: TLS handshake failed: No supported cipher suites have been found.", false)]
    [InlineData("Unable to set x509 priority: The request is invalid.", false)]
    public void No_other_words_lead_to_a_migration_without_encryption(string words, bool without) =>
        Assert.Equal(without, LibvirtFaults.Classify(LibvirtErrorCode.InternalError, words) == Faults.TlsNotSetUp);

    /// <summary>libvirt's part is translated; QEMU's is not.</summary>
    [Fact]
    public void A_certificate_that_cannot_be_used_is_known_in_any_language() => Assert.Equal(
        Faults.CertificateUnusable,
        LibvirtFaults.Classify(LibvirtErrorCode.InternalError, "interner Fehler: QEMU-Befehl 'object-add' kann nicht ausgeführt werden: The server certificate /etc/pki/qemu/server-cert.pem has expired"));
}
