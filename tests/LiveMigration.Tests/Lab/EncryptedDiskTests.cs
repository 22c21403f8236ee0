using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using static LiveMigration.Tests.Lab.LabHosts;

namespace LiveMigration.Tests.Lab;

/// <summary>M6: a copy of an encrypted disk is encrypted.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class EncryptedDiskTests(LabHosts lab)
{
    /// <summary>QEMU counts how many rounds a key takes, and gives up where the kernel accounts for none of that time, as it may on a virtual machine.</summary>
    private const string NoTime = "Unable to get accurate CPU usage";

    private const int Tries = 12;

    private const string Secret = "f52a81b2-424e-490c-823d-6bd4235bc572";

    [LabFact]
    public async Task M6_a_LUKS_image_is_created_encrypted_with_the_secret_that_the_destination_must_have()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=4", "marker=KLARTEXT", "start=0");
        var image = $"/var/lib/libvirt/images/{guest.Name}-vda.qcow2";
        await DefineAsync("a", image);
        await ValueAsync("a");
        await OftenAsync(() => RunAsync("sh", "a", "qemu-img", "create", "-q", "--object", "secret,id=s,data=geheim", "-f", "qcow2", "-o", "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=200", image, "64M"));
        await guest.RedefineAsync(xml => xml.Replace($"<source file='{image}'/>", $"<source file='{image}'><encryption format='luks'><secret type='passphrase' uuid='{Secret}'/></encryption></source>", StringComparison.Ordinal));
        await guest.StartAsync();

        var refused = await Assert.ThrowsAsync<NotReadyException>(async () => await new ReadinessAudit().PlanAsync(await guest.OnA, lab.B));
        Assert.Contains($"b has no secret {Secret}", refused.Message, StringComparison.Ordinal);
        await DefineAsync("b", image);
        var failed = await MoveAsync(guest);
        Assert.Equal((Faults.SecretMissing, MigrationVerdict.Stayed), (failed.Fault, failed.Verdict));
        await ValueAsync("b");
        var moved = await MoveAsync(guest);
        for (var again = 0; again < Tries && moved.Error?.Contains(NoTime, StringComparison.Ordinal) is true; again++)
            moved = await MoveAsync(guest);
        Assert.True(moved.Outcome is MigrationOutcome.Completed, moved.Error);
        await guest.ShouldBeWholeAsync("b");
        foreach (var host in new[] { "a", "b" })
        {
            Assert.Contains("encrypted: yes", await RunAsync("sh", host, "qemu-img", "info", "-U", image), StringComparison.Ordinal);
            Assert.Equal("0", (await RunAsync("sh", host, "bash", "-c", $"grep -c KLARTEXT {image} || true")).Trim());
            await RunAsync("virsh", host, "secret-undefine", Secret);
        }
    }

    private async Task<MigrationResult> MoveAsync(Guest guest) =>
        await (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions())).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));

    private static async Task OftenAsync(Func<Task> create)
    {
        for (var again = 0; ; again++)
        {
            try
            {
                await create();
                return;
            }
            catch (InvalidOperationException error) when (again < Tries && error.Message.Contains(NoTime, StringComparison.Ordinal))
            {
                // It is tried again.
            }
        }
    }

    private static async Task DefineAsync(string host, string image)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"<secret ephemeral='no' private='yes'><uuid>{Secret}</uuid><usage type='volume'><volume>{image}</volume></usage></secret>");
        await RunAsync("virsh", host, "secret-define", file);
        File.Delete(file);
    }

    private static Task<string> ValueAsync(string host) => RunAsync("virsh", host, "secret-set-value", Secret, "--base64", "Z2VoZWlt");
}
