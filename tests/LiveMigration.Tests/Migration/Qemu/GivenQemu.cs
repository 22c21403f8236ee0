using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Posix;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.State;

namespace LiveMigration.Tests.Migration.Qemu;

/// <summary>A migration between two QEMUs that nobody asks.</summary>
internal static class GivenQemu
{
    internal static readonly Guid Uuid = new("6f3c1c8e-9a55-4a63-9f7c-5a0b5cf2a001");

    /// <summary>With a disk that is copied, certificates, and settings of every type.</summary>
    internal static QemuMigrationPlan Plan(StateStore store)
    {
        var disk = new QemuDisk("disk0", "node0", "/images/web1.raw", "raw", 1 << 20, ReadOnly: false);
        return new QemuMigrationPlan
        {
            Source = Process("unix:/run/a.qmp", store),
            Destination = Process("unix:/run/b.qmp", store),
            Options = new MigrationOptions { PostCopy = true },
            Uri = "tcp:b:0",
            IncomingUri = "tcp:0.0.0.0:0",
            TlsFolder = "/etc/pki/qemu",
            Before = new QemuFacts
            {
                IsRunning = true,
                Capabilities = new Dictionary<string, bool> { ["events"] = false, ["xbzrle"] = true, ["other"] = true },
                Parameters = new Dictionary<string, object> { ["downtime-limit"] = 300L, ["tls-hostname"] = "b=c", ["other"] = 1L },
            },
            SourceCapabilities = new Dictionary<string, bool> { ["events"] = true, ["xbzrle"] = false },
            SourceParameters = new Dictionary<string, object> { ["downtime-limit"] = 100L, ["tls-hostname"] = "" },
            Copies = [new QemuDiskCopy(disk, disk with { File = "/images/new.raw" }, 0)],
        };
    }

    internal static QemuProcess Process(string address, StateStore store)
    {
        // Itself, so that it has a process.
        var started = RecordWriter.StartOf(Environment.ProcessId)!.Value;
        return QemuProcess.Known(QemuAddress.Parse(address), "web1", Uuid, new LocalProcess(Environment.ProcessId, started), ended: false, store);
    }
}
