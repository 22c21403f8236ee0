using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>E2: what travels is encrypted where both hosts can; where it cannot be, the cause is named and the guest stays.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class TlsTests(LabHosts lab)
{
    private static readonly MigrationOptions Required = new() { Tls = MigrationTls.Required };

    [LabFact]
    public async Task Where_both_hosts_can_it_is_encrypted_without_asking()
    {
        await using var guest = await lab.GuestAsync();
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Contains("encrypted if both hosts support it", plan.ToString(), StringComparison.Ordinal);
        var result = await plan.Start().Completion;
        Assert.Equal((MigrationOutcome.Completed, true), (result.Outcome, result.Encrypted));
        Assert.DoesNotContain(result.Notices, notice => notice.Contains("unencrypted", StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("b");
    }

    public static TheoryData<int, MigrationMode> Ways => new()
    {
        { 2, MigrationMode.PeerToPeer },
        { 4, MigrationMode.Direct },
    };

    [LabTheory]
    [MemberData(nameof(Ways))]
    public async Task Several_connections_are_encrypted(int connections, MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var result = await RunAsync(guest, Required with { Parallel = connections, Mode = mode });
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        Assert.True(result.Encrypted);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Post_copy_is_encrypted()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=60");
        var result = await RunAsync(guest, Required with { PostCopyAfterFirstPass = true, Bandwidth = Bandwidth.Parse("40MiB/s") });
        Assert.Equal((MigrationOutcome.Completed, true, true), (result.Outcome, result.PostCopy, result.Encrypted));
        await guest.ShouldBeWholeAsync("b");
    }

    public static TheoryData<string, MigrationMode> Sides => new()
    {
        { "a", MigrationMode.PeerToPeer },
        { "b", MigrationMode.PeerToPeer },
        { "a", MigrationMode.Direct },
        { "b", MigrationMode.Direct },
    };

    [LabTheory]
    [MemberData(nameof(Sides))]
    public async Task A_host_without_certificates_is_named_and_it_goes_on_in_the_clear(string host, MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        await using var _ = await WithoutAsync(host, "/etc/pki/qemu");
        var refused = await RunAsync(guest, Required with { Mode = mode });
        await Stayed(guest, refused, Faults.TlsNotSetUp, $"QEMU on {host} has no certificates");
        var result = await RunAsync(guest, new MigrationOptions { Mode = mode });
        Assert.Equal((MigrationOutcome.Completed, false, mode), (result.Outcome, result.Encrypted, result.Mode));
        Assert.Contains(result.Notices, notice => notice.Contains($"QEMU on {host} has no certificates", StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("b");
    }

    [LabTheory]
    [MemberData(nameof(Sides))]
    public async Task Half_a_set_of_certificates_is_a_mistake_and_nothing_moves(string host, MigrationMode mode)
    {
        var file = host == "b" ? "server-key.pem" : "client-key.pem";
        await using var guest = await lab.GuestAsync();
        await using var _ = await WithoutAsync(host, $"/etc/pki/qemu/{file}");
        var result = await RunAsync(guest, new MigrationOptions { Mode = mode });
        await Stayed(guest, result, host == "b" ? Faults.CertificateUnusable : Faults.ClientCertificateRejected, host == "b" ? file : "client certificate of QEMU on a");
    }

    [LabTheory]
    [InlineData(MigrationMode.PeerToPeer)]
    [InlineData(MigrationMode.Direct)]
    public async Task A_name_that_is_not_in_the_certificate_ends_it_and_one_that_is_helps(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var wrong = await RunAsync(guest, new MigrationOptions { TlsName = "wrong.lab", Mode = mode });
        await Stayed(guest, wrong, Faults.CertificateRejected, "a does not accept the certificate of QEMU on b: Certificate does not match the hostname wrong.lab");
        var right = await RunAsync(guest, new MigrationOptions { TlsName = "b.lab", Mode = mode });
        Assert.Equal((MigrationOutcome.Completed, true), (right.Outcome, right.Encrypted));
    }

    [LabTheory]
    [InlineData(MigrationMode.PeerToPeer)]
    [InlineData(MigrationMode.Direct)]
    public async Task A_destination_that_wants_a_client_certificate_gets_one_or_nothing_moves(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        await using var _ = await WithoutAsync("a", "/etc/pki/qemu/client-cert.pem", "/etc/pki/qemu/client-key.pem");
        await Stayed(guest, await RunAsync(guest, new MigrationOptions { Mode = mode }), Faults.ClientCertificateRejected, "b does not accept the client certificate of QEMU on a");
        await LabHosts.RunAsync("sh", "b", "sed", "-i", "s/^migrate_tls_x509_verify = 1/migrate_tls_x509_verify = 0/", "/etc/libvirt/qemu.conf");
        try
        {
            await LabHosts.RunAsync("daemon", "b", "restart");
            var result = await RunAsync(guest, Required with { Mode = mode });
            Assert.True(result is { Outcome: MigrationOutcome.Completed, Encrypted: true }, result.Error);
        }
        finally
        {
            await LabHosts.RunAsync("sh", "b", "sed", "-i", "s/^migrate_tls_x509_verify = 0/migrate_tls_x509_verify = 1/", "/etc/libvirt/qemu.conf");
            await LabHosts.RunAsync("daemon", "b", "restart");
        }
    }

    [LabFact]
    public async Task In_the_clear_is_said_once_for_a_pair_of_hosts()
    {
        using var again = await LabHosts.ConnectAsync("b", "tls");
        await using var guest = await lab.GuestAsync();
        var off = new MigrationOptions { Tls = MigrationTls.Off };
        var first = await (await (await guest.OnA).PlanMigrationAsync(again, off)).Start().Completion;
        Assert.Equal((MigrationOutcome.Completed, false), (first.Outcome, first.Encrypted));
        Assert.Contains(first.Notices, notice => notice.Contains("unencrypted", StringComparison.Ordinal));
        await (await (await guest.OnB).PlanMigrationAsync(lab.A)).Start().Completion;
        var second = await (await (await guest.OnA).PlanMigrationAsync(again, off)).Start().Completion;
        Assert.Equal(MigrationOutcome.Completed, second.Outcome);
        Assert.DoesNotContain(second.Notices, notice => notice.Contains("unencrypted", StringComparison.Ordinal));
    }

    private static async Task Stayed(LabHosts.Guest guest, MigrationResult result, Fault fault, string words)
    {
        Assert.True(result.Fault == fault, result.Error);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Equal((MigrationVerdict.Stayed, DomainState.Running), (result.Verdict, (await guest.OnA).State));
        await guest.ShouldBeWholeAsync("a");
    }

    private async Task<MigrationResult> RunAsync(LabHosts.Guest guest, MigrationOptions options) =>
        await (await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Takes files of a host aside until disposed.</summary>
    private static async Task<Aside> WithoutAsync(string host, params string[] paths)
    {
        foreach (var path in paths)
            await LabHosts.RunAsync("sh", host, "mv", path, $"{path}.aside");
        return new Aside(host, paths);
    }

    private sealed record Aside(string Host, string[] Paths) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var path in Paths)
                await LabHosts.RunAsync("sh", Host, "mv", $"{path}.aside", path);
        }
    }
}
