using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>Disks that are overlays of a base image which the destination has as well: only what is above it crosses.</summary>
[Trait("Category", "Lab")]
public sealed class QemuOverlayTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly MigrationOptions Incremental = new() { Storage = new StorageOptions { Copy = CopyStorage.Incremental } };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");

    public void Dispose() => _folder.Delete(recursive: true);

    [LabTheory]
    [InlineData(BareQemu.Debian, "base")]
    [InlineData(BareQemu.Backports, "twin")]
    public async Task Only_what_is_above_the_base_is_copied(string usr, string below)
    {
        if (!File.Exists($"{usr}/bin/qemu-system-x86_64"))
            return;
        await MakeAsync();
        var other = await OverlayAsync("other", below);
        await using var a = await StartAsync("a", Image("mine"), usr);
        await using var b = await StartAsync("b", other, usr, incoming: true);
        var plan = await a.Qemu.PlanMigrationAsync(b.Qemu, Incremental);
        Assert.Contains($"above {Image(below)}", $"{plan}", StringComparison.Ordinal);
        var result = await plan.Start().Completion.WaitAsync(Patience);
        Assert.True(result.Verdict is MigrationVerdict.Moved, $"{result.Outcome}: {result.Error}");
        await b.KillAsync();
        // 2 MiB of 32 were written above the base, of which 24 have data.
        await ImgAsync("compare", "-U", Image("mine"), other);
        Assert.InRange(new FileInfo(other).Length, 2 << 20, 3 << 20);
    }

    [LabFact]
    public async Task What_is_not_proven_to_be_the_same_below_is_refused()
    {
        await MakeAsync();
        await using var a = await StartAsync("a", Image("mine"), BareQemu.Debian);
        await RefusedAsync(a, await OverlayAsync("o1", "changed"), Faults.BackingFileDiffers, "another content");
        var used = await OverlayAsync("o2", "base");
        await ImgIoAsync(used, "write -P 9 8M 64k");
        await RefusedAsync(a, used, Faults.BackingFileDiffers, "contains data already");
        await ImgAsync("create", "-q", "-f", "qcow2", Image("o3"), "32M");
        await RefusedAsync(a, Image("o3"), Faults.BackingFileMissing, "0");
        File.Copy(Image("base"), Image("asraw"));
        await ImgAsync("create", "-q", "-f", "qcow2", "-F", "raw", "-b", Image("asraw"), Image("o4"), "32M");
        await RefusedAsync(a, Image("o4"), Faults.BackingFileDiffers, "at the destination raw");
        // The base was renewed on both sides while the VM ran: what has its path now is not what the VM is above.
        var renewed = await OverlayAsync("o5", "twin");
        File.Move(Image("changed"), Image("base"), overwrite: true);
        File.Copy(Image("base"), Image("twin"), overwrite: true);
        await RefusedAsync(a, renewed, Faults.BackingFileDiffers, "replaced since");
        Assert.True((await (await a.Qemu.MonitorAsync()).ExecuteAsync("query-status")).GetProperty("running").GetBoolean());
    }

    private async Task RefusedAsync(BareQemu a, string image, Fault fault, string word)
    {
        await using var b = await StartAsync("b", image, BareQemu.Debian, incoming: true);
        var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, Incremental));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A base image, the same by another name, one that differs in a byte, and the source's overlay.</summary>
    private async Task MakeAsync()
    {
        await ImgAsync("create", "-q", "-f", "qcow2", Image("base"), "32M");
        await ImgIoAsync(Image("base"), "write -P 5 0 24M");
        File.Copy(Image("base"), Image("twin"));
        File.Copy(Image("base"), Image("changed"));
        await ImgIoAsync(Image("changed"), "write -P 6 1M 512");
        await OverlayAsync("mine", "base");
        await ImgIoAsync(Image("mine"), "write -P 7 3M 2M");
    }

    private async Task<string> OverlayAsync(string name, string below)
    {
        await ImgAsync("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", Image(below), Image(name));
        return Image(name);
    }

    private string Image(string name) => Path.Combine(_folder.FullName, $"{name}.qcow2");

    /// <summary>A machine with nothing but a disk: what it contains is compared, not run.</summary>
    private Task<BareQemu> StartAsync(string name, string image, string usr, bool incoming = false) => BareQemu.StartPlainAsync(
        _folder,
        name,
        [
            "-name", "web1", "-uuid", "6f3c1c8e-9a55-4a63-9f7c-5a0b5cf2a001", "-machine", "pc-i440fx-7.2", "-m", "32",
            "-blockdev", $"driver=qcow2,node-name=disk0,file.driver=file,file.filename={image}", "-device", "virtio-blk-pci,drive=disk0,id=disk0,addr=8",
            .. incoming ? ["-S", "-incoming", "defer"] : Array.Empty<string>(),
        ],
        usr);

    private static Task ImgIoAsync(string image, string command) => RunAsync("qemu-io", "-c", command, image);

    private static Task ImgAsync(params string[] arguments) => RunAsync("qemu-img", arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await said} {errors}");
    }
}
