using System.Globalization;
using LiveMigration.Ownership;

namespace LiveMigration.Storage.Images;

/// <summary>A transient pool that is ours.</summary>
/// <param name="Token">Identifies the entry.</param>
/// <param name="Host">The UUID of the host that has it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Writer">Who made it.</param>
internal sealed record PoolEntry(Guid Token, Guid Host, string Name, JournalWriter Writer)
{
    private const string Format = "pool-1";
    private static readonly JournalFolder Folder = new("pools");

    /// <summary>Written before the pool is made.</summary>
    internal static PoolEntry Begin(Guid host, string name)
    {
        var entry = new PoolEntry(Guid.NewGuid(), host, name, JournalWriter.Self);
        Folder.Write(entry.Token, entry.ToString());
        return entry;
    }

    /// <summary>Those of a host whose client has ended, but for what another client of this machine has under the same name.</summary>
    internal static IReadOnlyList<PoolEntry> Left(Guid host)
    {
        var entries = Folder.Lines().Select(Parse).OfType<PoolEntry>().Where(entry => entry.Host == host).ToLookup(entry => entry.Writer.Lives);
        return [.. entries[false].Where(entry => !entries[true].Any(other => other.Name == entry.Name))];
    }

    /// <summary>The pool is gone.</summary>
    internal void End() => Folder.Remove(Token);

    internal static PoolEntry? Parse(string line)
    {
        try
        {
            return line.Split(' ') is [Format, var token, var host, var name, var process, var start] && name.StartsWith(PoolFacts.MomentaryPrefix, StringComparison.Ordinal)
                ? new PoolEntry(
                    Guid.Parse(token), Guid.Parse(host), name, new JournalWriter(int.Parse(process, CultureInfo.InvariantCulture), long.Parse(start, CultureInfo.InvariantCulture)))
                : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null; // Damaged, or not ours.
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Format} {Token} {Host} {Name} {Writer.ProcessId} {Writer.ProcessStart}");
}
