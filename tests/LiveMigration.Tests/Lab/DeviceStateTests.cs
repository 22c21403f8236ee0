using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using static LiveMigration.Tests.Lab.LabHosts;

namespace LiveMigration.Tests.Lab;

/// <summary>R5: what QEMU does with NVRAM that the destination has already is what LM111 says. The flash holds SeaBIOS, which any QEMU brings along.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class DeviceStateTests(LabHosts lab)
{
    private const string Flash = "<loader readonly='yes' type='pflash'>/usr/share/seabios/bios-256k.bin</loader>";

    private static readonly string[] Hosts = ["a", "b"];

    [LabFact]
    public async Task R5_NVRAM_of_an_earlier_time_is_told_and_replaced()
    {
        await using var guest = await FlashedAsync();
        await WriteAsync("b", guest.Name, 'B', 64);
        // A shell tells, and where there is none, libvirt.
        foreach (var finding in new[] { await FindAsync(guest.Name), await FindAsync(await guest.OnA, lab.B) })
            Assert.Equal((CheckStatus.Warning, $"b has {Path(guest.Name)} from an earlier time: the NVRAM that arrives replaces it. Move it out of the way if it may be another VM's."), (finding.Status, finding.Evidence));
        await OnHostAsync("b", $"rm {Path(guest.Name)}");
        Assert.Equal(CheckStatus.Pass, (await FindAsync(await guest.OnA, lab.B)).Status);
        await WriteAsync("b", guest.Name, 'B', 64);
        await MoveAsync(guest);
        Assert.Equal("AAAA", (await OnHostAsync("b", $"head -c 4 {Path(guest.Name)}")).Trim());
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task R5_NVRAM_of_another_size_is_told_and_QEMU_agrees()
    {
        await using var guest = await FlashedAsync();
        await WriteAsync("b", guest.Name, 'B', 128);
        var finding = await FindAsync(guest.Name);
        Assert.Equal((CheckStatus.Fail, true), (finding.Status, finding.Evidence.Contains("has 131072 bytes, and the VM's NVRAM has 65536", StringComparison.Ordinal)));
        await new ReadinessProof(lab, guest.Name).FailsAsync("b", "error: ", "--unsafe");
        // libvirt passes on what the source noticed, or what the destination's QEMU said.
        Assert.Contains("mismatch: system.flash1", await OnHostAsync("b", $"cat /var/log/libvirt/qemu/{guest.Name}.log"), StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("a");
        await OnHostAsync("b", finding.Fix!.Split('\'')[^2]);
        Assert.Equal(CheckStatus.Pass, (await FindAsync(guest.Name)).Status);
        await MoveAsync(guest);
        Assert.Equal("BBBB", (await OnHostAsync("b", $"head -c 4 {Path(guest.Name)}.old; rm {Path(guest.Name)}.old")).Trim());
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>What libvirt tells is enough for a migration itself, over whatever transport.</summary>
    [LabFact]
    public async Task R5_NVRAM_of_another_VM_is_not_overwritten()
    {
        await using var guest = await FlashedAsync();
        await WriteAsync("b", guest.Name, 'B', 64);
        await using var other = await lab.GuestOnAsync("b", "start=0");
        var file = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Flashed(await RunAsync("virsh", "b", "dumpxml", other.Name), guest.Name));
        await RunAsync("virsh", "b", "define", file);
        File.Delete(file);
        var refused = await Assert.ThrowsAsync<NotReadyException>(async () => await new ReadinessAudit().PlanAsync(await guest.OnA, lab.B, new MigrationOptions()));
        Assert.Contains($"{Path(guest.Name)} on b is the NVRAM of '{other.Name}' as well, which the VM would overwrite.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("BBBB", (await OnHostAsync("b", $"head -c 4 {Path(guest.Name)}")).Trim());
        await guest.ShouldBeWholeAsync("a");
        // Forced, it does just that.
        await RunAsync("virsh", "a", "migrate", "--live", guest.Name, await UriAsync("b"));
        Assert.Equal("AAAA", (await OnHostAsync("b", $"head -c 4 {Path(guest.Name)}")).Trim());
    }

    private static string Path(string name) => $"/var/lib/libvirt/qemu/nvram/{name}_VARS.fd";

    private static string Template(string name) => $"/var/lib/libvirt/images/{name}-template.fd";

    private static string Flashed(string xml, string name) =>
        xml.Replace("hvm</type>", $"hvm</type>{Flash}<nvram template='{Template(name)}'>{Path(name)}</nvram>", StringComparison.Ordinal);

    private static Task<string> WriteAsync(string host, string name, char letter, int kibibytes) =>
        OnHostAsync(host, $"mkdir -p /var/lib/libvirt/qemu/nvram; head -c {kibibytes}K /dev/zero | tr '\\0' {letter} > {Path(name)}");

    private static Task<string> OnHostAsync(string host, string script) => RunAsync("sh", host, "bash", "-c", script);

    private async Task<Guest> FlashedAsync()
    {
        var guest = await lab.GuestAsync("start=0");
        await WriteAsync("a", guest.Name, 'A', 64);
        // libvirt makes a file that is missing from the template.
        foreach (var host in Hosts)
            await OnHostAsync(host, $"head -c 64K /dev/zero > {Template(guest.Name)}");
        await guest.RedefineAsync(xml => Flashed(xml, guest.Name));
        await guest.StartAsync();
        return guest;
    }

    private static async Task<ReadinessFinding> FindAsync(string name)
    {
        using var a = await ConnectAsync("a", "ssh");
        using var b = await ConnectAsync("b", "ssh");
        return await FindAsync(await a.GetDomainAsync(name), b);
    }

    private static async Task<ReadinessFinding> FindAsync(LibvirtDomain domain, LibvirtHost destination) =>
        Assert.Single((await new ReadinessAudit(selection: new() { Checks = ["LM111"] }).TestAsync(domain, destination)).Findings);

    private async Task MoveAsync(Guest guest)
    {
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions())).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
    }
}
