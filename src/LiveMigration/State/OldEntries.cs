using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveMigration.Tracing;

namespace LiveMigration.State;

/// <summary>What version 0.1 wrote, each in a file with a line of words: read until it is written again. To be removed after 0.2.</summary>
internal static class OldEntries
{
    private const string Extension = ".entry";

    internal static string FileOf(string folder, Guid key) => Path.Combine(folder, key + Extension);

    internal static IEnumerable<StateRecord> Read(StateStore store, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            StateRecord? record = null;
            try
            {
                if (Guid.TryParse(Path.GetFileNameWithoutExtension(file), out var key))
                    record = Parse(File.ReadAllText(file), File.GetLastWriteTimeUtc(file), store.Self) is { } found ? found with { Key = key } : null;
            }
            catch (FileNotFoundException)
            {
                continue; // Another client has just removed it.
            }
            catch (Exception error) when (error is FormatException or OverflowException or IOException or UnauthorizedAccessException)
            {
                // Damaged, or not ours.
            }

            if (record is null)
                Tracer.Say($"{file} is left out: it is not a record.");
            else
                yield return record;
        }
    }

    private static StateRecord? Parse(string line, DateTimeOffset written, RecordWriter self)
    {
        return line.Split(' ') switch
        {
            ["affinity-1", var domain, var source, var destination, var former, var process, var start] => Record(
                "affinity", process, start, ("domain", Guid.Parse(domain)), ("source", Guid.Parse(source)), ("destination", Guid.Parse(destination)), ("former", former), ("released", process == "-1")),
            ["image-1", _, var domain, var host, var pool, var name, var made, var process, var start] => Record(
                "image", process, start, ("domain", Guid.Parse(domain)), ("host", Guid.Parse(host)), ("pool", Uri.UnescapeDataString(pool)), ("name", Uri.UnescapeDataString(name)), ("made", made == "made")),
            ["pool-1", _, var host, var name, var process, var start] => Record("pool", process, start, ("host", Guid.Parse(host)), ("name", name)),
            ["left-1", _, var domain, var host, var path, var length, var changed] => Record(
                "left-image", "-1", "0", ("domain", Guid.Parse(domain)), ("host", Guid.Parse(host)), ("path", Uri.UnescapeDataString(path)), ("length", Number(length)), ("changed", changed)),
            _ => null,
        };

        StateRecord Record(string kind, string process, string start, params (string Name, FieldValue Value)[] fields) => new(
            kind, written, Writer(int.Parse(process, CultureInfo.InvariantCulture), long.Parse(start, CultureInfo.InvariantCulture), self), new RecordFields(fields));
    }

    /// <summary>Such a file had one number for the start of the machine and that of the process.</summary>
    private static RecordWriter Writer(int process, long start, RecordWriter self)
    {
        if (!OperatingSystem.IsLinux())
            return self with { ProcessId = process, Started = start };
        var boot = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(self.Boot)));
        return RecordWriter.StartOf(process) is { } ticks && ((boot << 40) ^ ticks) == start
            ? self with { ProcessId = process, Started = ticks }
            : self with { ProcessId = process, Boot = "before" };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
