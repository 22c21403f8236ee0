using System.Text.RegularExpressions;

namespace LiveMigration.Errors;

/// <summary>
/// A driver of libvirt that a host does not run. Where each has a daemon of its own, one that was not installed or started is a socket that is not
/// there, and the rest of the host answers.
/// </summary>
internal static partial class MissingDriver
{
    /// <summary>The daemon that these words of libvirt's miss, for example <c>virtstoraged</c>; null where they miss none, or that of the VMs.</summary>
    internal static string? In(string? words) => words is not null && Socket().Match(words) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Whether an error is of a driver that the host does not have, in whatever way.</summary>
    internal static bool Is(LibvirtException error) => error.Code is LibvirtErrorCode.NoSupport || In(error.LibvirtMessage) is not null;

    [GeneratedRegex("Failed to connect socket to '[^']*/(virt(?:storage|network|interface|nodedev|secret|nwfilter)d)-sock(?:-ro)?'")]
    private static partial Regex Socket();
}
