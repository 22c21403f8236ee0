using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage.Images;

/// <summary>The pool that is to hold an image: there already, to be started, or to be defined.</summary>
internal static class PoolSetup
{
    /// <summary>A pool that is not there yet, for a folder that none holds.</summary>
    internal static PoolFacts For(string path)
    {
        var folder = path[..Math.Max(path.LastIndexOf('/'), 1)];
        var name = $"livemigration{folder.Replace('/', '-')}";
        return new PoolFacts(new StoragePool(name, "dir", folder), IsActive: false, Origin: null, Available: long.MaxValue) { IsNew = true };
    }

    /// <summary>Defines and starts it as far as that has not been done; a pool stays, as others may have begun to use it.</summary>
    internal static NativePool Ensure(Connection connection, PoolFacts facts) =>
        facts.IsNew ? FindOrDefine(connection, facts) : Started(NativePool.Lookup(connection, facts.Name), facts);

    /// <summary>Another disk of the same plan may have defined it.</summary>
    private static NativePool FindOrDefine(Connection connection, PoolFacts facts)
    {
        if (new HostStorage(connection).Pools.FirstOrDefault(pool => pool.Name == facts.Name) is { } known)
        {
            // /srv/a-b and /srv/a/b have one name.
            return known.Pool.TargetPath?.TrimEnd('/') == facts.Pool.TargetPath
                ? Started(NativePool.Lookup(connection, facts.Name), facts)
                : throw new LiveMigrationException(
                    Faults.PoolDiffers, $"{connection.Host} has a pool '{facts.Name}' for {known.Pool.TargetPath}, and not for {facts.Pool.TargetPath}.", connection.Host);
        }

        var pool = NativePool.Define(connection, Definition(facts));
        try
        {
            pool.Build();
            pool.Start();
            pool.SetAutostart(true);
            return pool;
        }
        catch (LibvirtException)
        {
            pool.Undefine();
            pool.Dispose();
            throw;
        }
    }

    private static NativePool Started(NativePool pool, PoolFacts facts)
    {
        if (!facts.IsActive && !pool.IsActive())
            pool.Start();
        return pool;
    }

    private static string Definition(PoolFacts facts) => new XElement(
        "pool", new XAttribute("type", facts.Pool.Type), new XElement("name", facts.Name),
        new XElement("target", new XElement("path", facts.Pool.TargetPath))).ToString();
}
