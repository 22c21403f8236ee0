namespace LiveMigration.Storage.Sharing;

/// <summary>libvirt's account of a failed mount → what is wrong.</summary>
internal static class MountError
{
    private const string Status = "unexpected exit status";

    internal static string Explain(string message, string host, SharedStorage storage)
    {
        // libvirt tells the command, its exit status, and what it said: that alone is the cause.
        var start = message.IndexOf(Status, StringComparison.Ordinal);
        var said = (start < 0 ? message : message[(message.IndexOf(':', start) + 1)..]).Trim().TrimEnd('.').Replace('\n', ' ');
        var meaning = Meaning(said, host, storage);
        return meaning is null ? $"{said}." : $"{meaning} ({said}).";
    }

    private static string? Meaning(string said, string host, SharedStorage storage)
    {
        if (Says("No such device", "unknown filesystem type"))
            return $"the kernel of {host} cannot mount NFS: it has no nfs module";
        if (Says("helper program"))
            return $"{host} has no programs to mount NFS: install the package nfs-common, or nfs-utils";
        if (Says("access denied", "Permission denied", "not permitted"))
            return $"{storage.Server} does not export {storage.Export} to {host}, or {host} may not mount";
        if (Says("No such file or directory", "does not exist"))
            return $"{storage.Server} has no export {storage.Export}";
        return Says("Connection refused", "timed out", "No route to host", "resolve", "Name or service not known", "not responding")
            ? $"{host} cannot reach an NFS server at {storage.Server}"
            : null;

        bool Says(params string[] words) => words.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
