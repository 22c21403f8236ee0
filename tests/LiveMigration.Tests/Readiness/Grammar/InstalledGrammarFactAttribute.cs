namespace LiveMigration.Tests.Readiness.Grammar;

/// <summary>A test that reads libvirt's own grammar: it comes with the client, and in the lab's backports with a newer one.</summary>
internal sealed class InstalledGrammarFactAttribute : FactAttribute
{
    private static readonly string[] Places = ["/usr/share/libvirt/schemas", "/srv/livemigration/cache/backports/usr/share/libvirt/schemas"];

    /// <summary>The folders that are there.</summary>
    public static IEnumerable<string> Folders => Places.Where(folder => File.Exists(Path.Combine(folder, "domain.rng")));

    public InstalledGrammarFactAttribute() => Skip = Folders.Any() ? null : $"libvirt's client is not installed: there is no {Places[0]}.";
}
