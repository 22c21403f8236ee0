namespace LiveMigration.Module.Tests;

/// <summary>-WhatIf shows the limits that will hold, so that a number that was read otherwise than it was meant is seen.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly Shell _shell = new();

    public LimitTests() => _ = _shell.Run(TestHosts.Connect).Clean;

    [Theory]
    [InlineData("-Timeout 300 -OnTimeout PostCopy", "timeout 00:05:00, then PostCopy")]
    [InlineData("-Timeout 90", "timeout 90 s, then Abort")]
    [InlineData("", "bandwidth as set for the VM (by default no limit), downtime as set for the VM (by default 300 ms), no timeout, abort after 60 s without progress, 2 at a time.")]
    [InlineData("-Bandwidth 500 -MaxDowntime 400ms -StallTimeout 30 -ThrottleLimit 4", "bandwidth 500 MiB/s for all together, downtime 400 ms, no timeout, abort after 30 s without progress, 4 at a time.")]
    [InlineData("-Bandwidth max", "no bandwidth limit")]
    [InlineData("-Policy nova", "policy 'nova'")]
    public void WhatIf_shows_the_limits(string options, string says) => Assert.Contains(says, WhatIf(options), StringComparison.Ordinal);

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
    }

    /// <summary>What goes to the host's window goes to a transcript as well.</summary>
    private string WhatIf(string options)
    {
        var file = Path.GetTempFileName();
        try
        {
            _ = _shell.Run($"$null = Start-Transcript '{file}'; try {'{'} Start-VMLiveMigration web1 b -HostName a -SkipReadiness LM* {options} -WhatIf {'}'} finally {'{'} $null = Stop-Transcript {'}'}").Clean;
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
