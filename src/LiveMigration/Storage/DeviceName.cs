namespace LiveMigration.Storage;

/// <summary>The names that a block device has beside each other.</summary>
internal static class DeviceName
{
    /// <summary>What is in <c>/dev</c> is a device, but for files in the host's memory.</summary>
    internal static bool IsDevice(string? path) =>
        path?.StartsWith("/dev/", StringComparison.Ordinal) is true && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>
    /// A logical volume by its group, whatever it is named by: the device mapper joins group and volume by one hyphen and doubles those in their names, so that
    /// <c>/dev/mapper/vg--0-web</c> is <c>/dev/vg-0/web</c>. Other paths are left as they are.
    /// </summary>
    internal static string Usual(string path)
    {
        const string mapper = "/dev/mapper/";
        if (!path.StartsWith(mapper, StringComparison.Ordinal))
            return path;
        var name = path[mapper.Length..];
        for (var at = name.IndexOf('-', StringComparison.Ordinal); at > 0 && at + 1 < name.Length; at = name.IndexOf('-', at + 2))
        {
            if (name[at + 1] != '-')
                return $"/dev/{name[..at].Replace("--", "-", StringComparison.Ordinal)}/{name[(at + 1)..].Replace("--", "-", StringComparison.Ordinal)}";
        }

        return path;
    }
}
