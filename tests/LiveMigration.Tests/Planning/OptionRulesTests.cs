using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Planning;

public sealed class OptionRulesTests
{
    private static readonly Duration Minute = Duration.Parse("1min");
    private static readonly Dictionary<string, string> Map = new() { ["vda"] = "/x" };

    public static TheoryData<string, MigrationOptions> Contradictions => new()
    {
        { "-Parallel takes 1 to 255 connections, not 0.", new() { Parallel = 0 } },
        { "-Parallel takes 1 to 255 connections, not 256.", new() { Parallel = 256 } },
        { "-MaxDowntime takes 1 ms to 2000 s, not 0 ms.", new() { MaxDowntime = Duration.FromMilliseconds(0) } },
        { "-MaxDowntime takes 1 ms to 2000 s, not 00:33:20.", new() { MaxDowntime = new Duration(TimeSpan.FromMilliseconds(2_000_001)) } },
        { "-Compression Xbzrle works on a single channel", new() { Compression = MigrationCompression.Xbzrle, Parallel = 2 } },
        { "-Compression Mt works on a single channel", new() { Compression = MigrationCompression.Mt, Parallel = 2 } },
        { "-Compression Zlib requires several connections: add -Parallel.", new() { Compression = MigrationCompression.Zlib } },
        { "-Compression Zstd requires several connections: add -Parallel.", new() { Compression = MigrationCompression.Zstd } },
        { "-AutoConvergeInitial and -AutoConvergeIncrement take 1 to 99", new() { AutoConverge = true, AutoConvergeInitial = 0 } },
        { "-AutoConvergeInitial and -AutoConvergeIncrement take 1 to 99", new() { AutoConverge = true, AutoConvergeIncrement = 100 } },
        { "-AutoConvergeInitial and -AutoConvergeIncrement require -AutoConverge", new() { AutoConvergeInitial = 20 } },
        { "-AutoConvergeInitial and -AutoConvergeIncrement require -AutoConverge", new() { AutoConvergeIncrement = 20 } },
        { "-XbzrleCache requires -Compression Xbzrle.", new() { XbzrleCache = ByteSize.Parse("1GiB") } },
        { "-CompressionThreads requires -Compression Mt", new() { Compression = MigrationCompression.Xbzrle, CompressionThreads = 8 } },
        { "-CompressionThreads takes 1 to 255, not 0.", new() { Compression = MigrationCompression.Mt, CompressionThreads = 0 } },
        { "-CompressionLevel requires -Compression Mt, Zlib or Zstd, not None.", new() { CompressionLevel = 1 } },
        { "-CompressionLevel requires -Compression Mt, Zlib or Zstd, not None.", new() { CompressionLevel = -1 } },
        { "-CompressionLevel requires -Compression Mt, Zlib or Zstd, not Xbzrle.", new() { Compression = MigrationCompression.Xbzrle, CompressionLevel = 0 } },
        { "-CompressionLevel takes 0 to 9 with Mt, not 10.", new() { Compression = MigrationCompression.Mt, CompressionLevel = 10 } },
        { "-CompressionLevel takes 1 to 9 with Zlib, not 0.", new() { Compression = MigrationCompression.Zlib, Parallel = 2, CompressionLevel = 0 } },
        { "-CompressionLevel takes 1 to 20 with Zstd, not 21.", new() { Compression = MigrationCompression.Zstd, Parallel = 2, CompressionLevel = 21 } },
        { "-ZeroCopy requires several connections: add -Parallel.", new() { ZeroCopy = true } },
        { "-ZeroCopy sends pages unchanged", new() { ZeroCopy = true, Parallel = 2, Compression = MigrationCompression.Zstd } },
        { "-ZeroCopy sends pages unchanged, but -Tls Required", new() { ZeroCopy = true, Parallel = 2, Tls = MigrationTls.Required } },
        { "-TlsName applies only to an encrypted migration", new() { TlsName = "b", Tls = MigrationTls.Off } },
        { "-RecoverPostCopy requires post-copy", new() { RecoverPostCopy = true } },
        { "-PostCopyBandwidth requires post-copy", new() { PostCopyBandwidth = Bandwidth.FromMebibytes(1) } },
        { "-MigrationCpuAffinity takes one or more CPU numbers", new() { CpuAffinity = [] } },
        { "-MigrationCpuAffinity takes one or more CPU numbers", new() { CpuAffinity = [0, -1] } },
        { "-OnTimeout requires -Timeout.", new() { OnTimeout = TimeoutAction.Suspend } },
        { "-Timeout must be more than 0.", new() { Timeout = Duration.FromMilliseconds(0) } },
        { "-Timeout must be more than 0.", new() { Timeout = new Duration(TimeSpan.FromMilliseconds(-5)) } },
        { "-PrepareTimeout must be at least 1 s.", new() { PrepareTimeout = Duration.FromMilliseconds(999) } },
        { "-StallTimeout must be at least 1 s.", new() { StallTimeout = Duration.FromMilliseconds(999) } },
        { "-DestinationUri is used by the source host's daemon", new() { Mode = MigrationMode.Direct, DestinationUri = "qemu+tcp://b/system" } },
        { "-DestinationXml is the complete definition", new() { DestinationXml = "<domain/>", DiskMap = Map } },
        { "-DestinationXml is the complete definition", new() { DestinationXml = "<domain/>", NetworkMap = Map } },
        { "-DestinationXml is the complete definition", new() { DestinationXml = "<domain/>", GraphicsListen = "0.0.0.0" } },
        { "-Offline moves only the definition: -Bandwidth", new() { Offline = true, Bandwidth = Bandwidth.FromMebibytes(1) } },
        { "-Offline moves only the definition: -MaxDowntime", new() { Offline = true, MaxDowntime = Minute } },
        { "-Offline moves only the definition: -AutoConverge", new() { Offline = true, AutoConverge = true } },
        { "-Offline moves only the definition: -Parallel", new() { Offline = true, Parallel = 2 } },
        { "-Offline moves only the definition: -Compression", new() { Offline = true, Compression = MigrationCompression.Xbzrle } },
        { "-Offline moves only the definition: -Timeout", new() { Offline = true, Timeout = Minute } },
        { "-Offline moves only the definition: -PostCopy", new() { Offline = true, PostCopy = true } },
        { "-Offline moves only the definition: -PostCopyAfterFirstPass", new() { Offline = true, PostCopyAfterFirstPass = true } },
        { "-Offline moves only the definition: -MigrationCpuAffinity", new() { Offline = true, CpuAffinity = [0] } },
        { "-Offline moves only the definition: -MigrationUri", new() { Offline = true, MigrationUri = "tcp://b" } },
        { "-Offline moves only the definition: -ListenAddress", new() { Offline = true, ListenAddress = "0.0.0.0" } },
        { "-Offline moves only the definition: -DisksPort", new() { Offline = true, DisksPort = 49900 } },
        { "-Offline moves only the definition: -AssumeShared", new() { Offline = true, Storage = new() { AssumeShared = ["vda"] } } },
        { "-Offline moves only the definition: -AllowLosingSnapshots", new() { Offline = true, Storage = new() { AllowLosingSnapshots = ["vda"] } } },
        { "-Disk copies vda, and -AssumeShared leaves it", new() { Storage = new() { Disks = ["vda"], AssumeShared = ["vdb", "vda"] } } },
        { "-DisksPort takes 1 to 65535, not 0.", new() { DisksPort = 0 } },
        { "-DisksPort applies only to copied disks", new() { DisksPort = 49900, Storage = new() { Copy = CopyStorage.None } } },
    };

    public static TheoryData<MigrationOptions> Agreements =>
    [
        MigrationOptions.Default,
        new() { Parallel = 1 },
        new() { Parallel = 255, Compression = MigrationCompression.Zstd },
        new() { MaxDowntime = Duration.FromMilliseconds(1) },
        new() { MaxDowntime = new Duration(TimeSpan.FromMilliseconds(2_000_000)) },
        new() { Compression = MigrationCompression.Mt, CompressionLevel = 0, CompressionThreads = 255 },
        new() { Compression = MigrationCompression.Xbzrle, XbzrleCache = ByteSize.Parse("1GiB") },
        new() { Compression = MigrationCompression.Zstd, Parallel = 2, CompressionLevel = 20 },
        new() { AutoConverge = true, AutoConvergeInitial = 1, AutoConvergeIncrement = 99 },
        new() { ZeroCopy = true, Parallel = 1 },
        new() { PostCopyAfterFirstPass = true, PostCopyBandwidth = Bandwidth.FromMebibytes(1), RecoverPostCopy = true },
        new() { CpuAffinity = [0, 3] },
        new() { Timeout = Minute },
        new() { Timeout = Minute, OnTimeout = TimeoutAction.PostCopy },
        new() { StallTimeout = Duration.FromMilliseconds(1000) },
        new() { DestinationUri = "qemu+tcp://b/system" },
        new() { DestinationXml = "<domain/>" },
        new() { DiskMap = Map, NetworkMap = Map, GraphicsListen = "0.0.0.0" },
        new() { Offline = true, KeepSource = true, NewName = "other", DiskMap = Map, Mode = MigrationMode.Direct },
    ];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_contradiction_is_refused_and_named(string named, MigrationOptions options)
    {
        var error = Assert.Throws<LiveMigrationException>(options.Validate);
        Assert.Equal(Faults.ContradictingOptions, error.Fault);
        Assert.StartsWith(named, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void What_can_be_together_is_accepted(MigrationOptions options) => options.Validate();

    [Fact]
    public void Several_contradictions_are_named_in_one_error()
    {
        var options = new MigrationOptions { Parallel = 300, OnTimeout = TimeoutAction.Abort, Offline = true, AutoConverge = true };
        Assert.Equal(
            "-Parallel takes 1 to 255 connections, not 300. -OnTimeout requires -Timeout. "
            + "-Offline moves only the definition: -AutoConverge applies only to running domains. "
            + "-Offline moves only the definition: -Parallel applies only to running domains.",
            Assert.Throws<LiveMigrationException>(options.Validate).Message);
    }
}
