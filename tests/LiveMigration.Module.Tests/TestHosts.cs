namespace LiveMigration.Module.Tests;

/// <summary>Two hosts of libvirt's test driver: a with web1, web2 and db1; b with spare. They live in this process, with no daemon.</summary>
internal static class TestHosts
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Hosts");

    public static string UriA { get; } = $"test://{Path.Combine(Folder, "hostA.xml")}";

    public static string UriB { get; } = $"test://{Path.Combine(Folder, "hostB.xml")}";

    /// <summary>Connects both, as a and b. Connections belong to the process: a test that connects disconnects.</summary>
    public static string Connect { get; } = $"$null = Connect-LibvirtHost '{UriA}' -Name a; $null = Connect-LibvirtHost '{UriB}' -Name b";

    public static string Disconnect { get; } = "Get-LibvirtHost | ForEach-Object Name | Disconnect-LibvirtHost";
}
