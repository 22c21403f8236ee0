using System.Management.Automation;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The parameters that make a migration quicker, gentler or surer to end.</summary>
public abstract class MigrationTuningCmdlet : HostCmdlet
{
    /// <summary>Limit of the memory stream.</summary>
    [Parameter]
    [BandwidthTransformation]
    public Bandwidth? Bandwidth { get; set; }

    /// <summary>The maximum downtime at the end.</summary>
    [Parameter]
    [DurationTransformation]
    public Duration? MaxDowntime { get; set; }

    /// <summary>Slow the guest down while it changes memory faster than it can be sent.</summary>
    [Parameter]
    public SwitchParameter AutoConverge { get; set; }

    /// <summary>Number of connections for memory.</summary>
    [Parameter]
    public int? Parallel { get; set; }

    /// <summary>How pages are compressed.</summary>
    [Parameter]
    public MigrationCompression Compression { get; set; }

    /// <summary>Prepare for a switch to post-copy.</summary>
    [Parameter]
    public SwitchParameter PostCopy { get; set; }

    /// <summary>How much auto-converge slows the guest down at first, in percent.</summary>
    [Parameter]
    public int? AutoConvergeInitial { get; set; }

    /// <summary>How much more with each step, in percent.</summary>
    [Parameter]
    public int? AutoConvergeIncrement { get; set; }

    /// <summary>How hard to compress.</summary>
    [Parameter]
    public int? CompressionLevel { get; set; }

    /// <summary>Threads that compress with Mt.</summary>
    [Parameter]
    public int? CompressionThreads { get; set; }

    /// <summary>Memory in which Xbzrle remembers pages.</summary>
    [Parameter]
    [SizeTransformation]
    public ByteSize? XbzrleCache { get; set; }

    /// <summary>Let the kernel send pages without copying them.</summary>
    [Parameter]
    public SwitchParameter ZeroCopy { get; set; }

    /// <summary>Switch to post-copy as soon as all memory was sent once.</summary>
    [Parameter]
    public SwitchParameter PostCopyAfterFirstPass { get; set; }

    /// <summary>Limit of the memory stream after the switch to post-copy.</summary>
    [Parameter]
    [BandwidthTransformation]
    public Bandwidth? PostCopyBandwidth { get; set; }

    /// <summary>Recover when the connection breaks in post-copy.</summary>
    [Parameter]
    public SwitchParameter RecoverPostCopy { get; set; }

    /// <summary>Host CPUs for the source's migration threads.</summary>
    [Parameter]
    public int[]? MigrationCpuAffinity { get; set; }

    private protected MigrationOptions Tuning => new()
    {
        Bandwidth = Bandwidth,
        MaxDowntime = MaxDowntime,
        AutoConverge = AutoConverge,
        AutoConvergeInitial = AutoConvergeInitial,
        AutoConvergeIncrement = AutoConvergeIncrement,
        Parallel = Parallel,
        Compression = Compression,
        CompressionLevel = CompressionLevel,
        CompressionThreads = CompressionThreads,
        XbzrleCache = XbzrleCache,
        ZeroCopy = ZeroCopy,
        PostCopy = PostCopy,
        PostCopyAfterFirstPass = PostCopyAfterFirstPass,
        PostCopyBandwidth = PostCopyBandwidth,
        RecoverPostCopy = RecoverPostCopy,
        CpuAffinity = MigrationCpuAffinity,
    };
}
