using System.Security.Cryptography;
using System.Text;
using LiveMigration.Interop.Posix;

namespace LiveMigration.Ownership;

/// <summary>
/// A file that only grows, by a line for each record, and each is on the disk before its writer goes on. A line begins with a
/// checksum over itself and the checksum before it, so that nothing is changed, lost or put elsewhere in the middle unnoticed. The last
/// line may be torn by a loss of power, and then has no newline: it was never written.
/// </summary>
internal sealed class RecordLog : IDisposable
{
    private const int ChecksumLength = 16;
    private const string Lock = ".lock";

    /// <summary>Who only looks whether somebody writes holds the lock for an instant; who writes, until its end.</summary>
    private static readonly TimeSpan Instant = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly FileStream _lock;
    private readonly FileStream _file;
    private string _last;
    private bool _failed;

    private RecordLog(FileStream held, FileStream file, string last) => (_lock, _file, _last) = (held, file, last);

    /// <summary>Opens a log to be written, new or to go on with; null when another process writes it.</summary>
    internal static RecordLog? TryOpen(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Make(folder);
        if (Hold(path) is not { } held)
            return null;
        try
        {
            // Without a buffer: what could not be written is not written again when the file is closed.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var (records, whole) = Read(file);
            // What was torn was never written.
            file.SetLength(whole);
            file.Seek(0, SeekOrigin.End);
            FolderSync.Flush(folder);
            return new RecordLog(held, file, records.Aggregate("", Checksum));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether some process writes it now. The system knows, whatever way that process ends.</summary>
    internal static bool IsHeld(string path)
    {
        if (!File.Exists(path + Lock))
            return false;
        using var free = TryHold(path, FileShare.Read);
        return free is null;
    }

    /// <summary>The records that were written.</summary>
    /// <exception cref="InvalidDataException">A record in the middle is not as it was written.</exception>
    internal static IReadOnlyList<string> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Read(file).Records;
    }

    /// <summary>Writes a record, and returns when it is on the disk. After a failure nothing more is written: it would not follow from what is there.</summary>
    /// <exception cref="IOException">It could not be written, for example because the disk is full.</exception>
    internal void Append(string record)
    {
        lock (_gate)
        {
            if (_failed)
                throw new IOException($"{_file.Name} could not be written before.");
            _failed = true;
            var checksum = Checksum(_last, record);
            _file.Write(Encoding.UTF8.GetBytes($"{checksum} {record}\n"));
            _file.Flush(flushToDisk: true);
            (_last, _failed) = (checksum, false);
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private static FileStream? Hold(string path)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryHold(path, FileShare.None) is { } held)
                return held;
            if (TimeProvider.System.GetElapsedTime(began) > Instant)
                return null;
            Thread.Sleep(1);
        }
    }

    private static FileStream? TryHold(string path, FileShare share)
    {
        try
        {
            var access = share is FileShare.None ? FileAccess.ReadWrite : FileAccess.Read;
            return new FileStream(path + Lock, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static (IReadOnlyList<string> Records, long Whole) Read(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var records = new List<string>();
        var (last, whole) = ("", 0);
        while (whole < bytes.Length)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', whole);
            var line = Encoding.UTF8.GetString(bytes, whole, (end < 0 ? bytes.Length : end) - whole);
            var record = line.Length > ChecksumLength ? line[(ChecksumLength + 1)..] : "";
            if (end < 0 || line.Length <= ChecksumLength || line[..ChecksumLength] != Checksum(last, record))
            {
                // A torn line is the last one and has no end. One that has an end and a wrong checksum was changed, or lost its predecessor.
                // Of a long one the page with its end may have reached the disk, and one before it not: it then has zeros in it.
                var torn = end < 0 || (end == bytes.Length - 1 && line.Contains('\0', StringComparison.Ordinal));
                if (!torn)
                    throw new InvalidDataException($"line {records.Count + 1} was altered");
                break;
            }

            last = Checksum(last, record);
            records.Add(record);
            whole = end + 1;
        }

        return (records, whole);
    }

    private static string Checksum(string last, string record) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(last + record)))[..ChecksumLength].ToLowerInvariant();
}
