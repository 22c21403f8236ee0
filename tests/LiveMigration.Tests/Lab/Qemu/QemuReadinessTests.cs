using System.Net;
using System.Net.Sockets;
using LiveMigration.Errors;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>Whether a VM can move between two QEMUs without libvirt, asked of real ones.</summary>
[Trait("Category", "Lab")]
public sealed class QemuReadinessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-ready-");

    public void Dispose() => _folder.Delete(recursive: true);

    [LabFact]
    public async Task A_twin_is_ready()
    {
        await using var a = await StartAsync("a", "-m 16 -smp 1,maxcpus=2");
        await using var b = await StartAsync("b", "-m 16 -smp 1,maxcpus=2 -incoming defer");
        var report = await new QemuReadinessAudit().TestAsync(a.Qemu, b.Qemu);
        Assert.Equal([], report.Findings.Where(finding => finding.Status is not (CheckStatus.Pass or CheckStatus.Skipped)).Select(finding => $"{finding}"));
        Assert.Equal((true, true, ReadinessVerdict.Ready), (report.IsReady, report.IsKnown, report.Verdict));
        Assert.Equal((a.Qemu.Address.Text, b.Qemu.Address.Text), (report.Source, report.Destination));
    }

    [LabFact]
    public async Task What_QEMU_would_refuse_is_refused_before_anything_is_changed_unless_that_is_skipped()
    {
        await using var a = await StartAsync("a", "-m 16 -device virtio-rng-pci,addr=5");
        await using var b = await StartAsync("b", "-m 16 -incoming defer");
        var error = await Assert.ThrowsAsync<NotReadyException>(() => new QemuReadinessAudit().PlanAsync(a.Qemu, b.Qemu));
        Assert.Equal(Faults.DeviceStateRejected, error.Fault);
        Assert.Equal(["LM201"], error.Report.Failed.Select(finding => finding.Id));
        Assert.Contains("-device virtio-rng-pci,addr=05.0", error.Message, StringComparison.Ordinal);
        await b.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (b.Qemu.State, b.Qemu.Migration));
        Assert.NotNull(await new QemuReadinessAudit(selection: ReadinessSelection.BlockersBut(["LM201"])).PlanAsync(a.Qemu, b.Qemu));
    }

    [LabFact]
    public async Task What_the_planner_refuses_the_checks_find()
    {
        await using var a = await StartAsync("a", "-m 16");
        await using var b = await StartAsync("b", "-m 32 -blockdev null-co,node-name=d,size=1048576 -device virtio-blk-pci,drive=d,id=disk0");
        var report = await new QemuReadinessAudit().TestAsync(b.Qemu, a.Qemu, new MigrationOptions { NewName = "x" });
        Assert.Equal(["LM201", "LM204", "LM205", "LM206"], report.Failed.Select(finding => finding.Id).Distinct());
        Assert.Equal(ReadinessVerdict.NotReady, report.Verdict);
    }

    [LabFact]
    public async Task Ports_names_certificates_and_space_are_looked_at()
    {
        Create("mine");
        Create("other");
        await using var a = await StartAsync("a", $"-m 16 {Drive("mine")}");
        await using var b = await StartAsync("b", $"-m 16 {Drive("other")} -incoming defer");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var options = new MigrationOptions { MigrationUri = $"tcp:127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}", Storage = new StorageOptions { Copy = CopyStorage.Full } };
        var report = await new QemuReadinessAudit().TestAsync(a.Qemu, b.Qemu, options, Path.Combine(_folder.FullName, "nosuch"));
        Assert.Equal(["LM207", "LM208", "LM208", "LM209"], report.Failed.Select(finding => finding.Id));
        var named = await new QemuReadinessAudit().TestAsync(a.Qemu, b.Qemu, options with { MigrationUri = "tcp:no-such-host.invalid:0", Storage = options.Storage with { AllowOvercommit = true } });
        Assert.Equal(["LM207"], named.Failed.Select(finding => finding.Id));
        Assert.Contains(named.Warnings, finding => finding.Id == "LM210");
    }

    private void Create(string name)
    {
        using var process = System.Diagnostics.Process.Start("qemu-img", ["create", "-q", "-f", "qcow2", Path.Combine(_folder.FullName, name), "100T"]);
        process.WaitForExit();
    }

    private string Drive(string name) => $"-blockdev driver=qcow2,node-name=d,file.driver=file,file.filename={_folder.FullName}/{name} -device virtio-blk-pci,drive=d,id=disk0";

    private Task<BareQemu> StartAsync(string name, string options) =>
        BareQemu.StartPlainAsync(_folder, name, [.. $"-machine pc-i440fx-7.2 {options}".Split(' '), "-S"]);
}
