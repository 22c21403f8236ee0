using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Benchmarks.Measuring;

namespace LiveMigration.Benchmarks.Listing;

/// <summary>Get-LibvirtDomain, in a PowerShell that stands.</summary>
internal sealed partial class CmdletListing(Shell shell) : Listing
{
    internal override string Name => "cmdlet";

    internal override string Includes => "Get-LibvirtDomain, its objects in a variable";

    internal override async Task ConnectAsync(string uri)
    {
        await shell.RunAsync("Get-LibvirtHost | Disconnect-LibvirtHost");
        await shell.RunAsync($"$null = Connect-LibvirtHost {uri} test");
    }

    internal override async Task ListAsync(int count) =>
        Check((int)await NumberAsync("($domains = @(Get-LibvirtDomain -HostName test)).Count"), count);

    internal override Task<double> AllocatedAsync() => NumberAsync("[GC]::GetTotalAllocatedBytes($true)");

    /// <summary>PowerShell prints a terminal's control codes beside what it is told to print.</summary>
    private async Task<double> NumberAsync(string expression)
    {
        var said = await shell.RunAsync($"\"value=$({expression})\"");
        return Value().Match(said) is { Success: true } found
            ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"'{expression}' gave: {said}");
    }

    [GeneratedRegex("value=([0-9]+)")]
    private static partial Regex Value();
}
