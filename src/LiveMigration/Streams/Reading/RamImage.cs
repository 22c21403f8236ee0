using LiveMigration.Errors;

namespace LiveMigration.Streams.Reading;

/// <summary>The guest's RAM as files in a folder, one for each block. Zeros take no room where nothing else was.</summary>
internal sealed class RamImage(string folder, bool replace) : IDisposable
{
    private const UnixFileMode ForUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly byte[] Zeros = new byte[1 << 16];

    private readonly List<FileStream> _files = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the files are.</summary>
    internal string Folder => folder;

    /// <summary>Makes the file of the next block.</summary>
    /// <param name="block">The block's name, which a stream may say anything about.</param>
    /// <exception cref="LiveMigrationException">It cannot be made.</exception>
    internal void Add(string block)
    {
        try
        {
            // What a guest has in its memory is for nobody else: keys, passwords.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, ForUser | UnixFileMode.UserExecute);
            var path = Path.Combine(folder, FileName(block, _names));
            // A link that is there is replaced, not followed.
            if (replace)
                File.Delete(path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = ForUser;
            _files.Add(new FileStream(path, options));
        }
        catch (IOException error) when (!replace && File.Exists(Path.Combine(folder, FileName(block))))
        {
            throw new LiveMigrationException(Faults.MemoryExists, $"The memory was not written: {error.Message}", innerException: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw NotWritable(error);
        }
    }

    /// <summary>Puts bytes into a block.</summary>
    internal void Write(int block, long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var file = _files[block];
            file.Position = offset;
            file.Write(bytes);
        }
        catch (IOException error)
        {
            throw NotWritable(error);
        }
    }

    /// <summary>Puts zeros into a block.</summary>
    internal void Clear(int block, long offset, long length)
    {
        // What is behind the end is zero already.
        var end = Math.Min(offset + length, _files[block].Length);
        for (var at = offset; at < end; at += Zeros.Length)
            Write(block, at, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, end - at)));
    }

    /// <summary>What is in a block by now.</summary>
    internal void Read(int block, long offset, Span<byte> bytes)
    {
        var file = _files[block];
        file.Position = offset;
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        bytes[read..].Clear();
    }

    /// <summary>Gives each file the length of its block.</summary>
    internal void Finish(IReadOnlyList<RamBlock> blocks)
    {
        try
        {
            for (var index = 0; index < _files.Count; index++)
                _files[index].SetLength(blocks[index].Length);
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            throw NotWritable(error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static LiveMigrationException NotWritable(Exception error) =>
        new(Faults.MemoryNotWritable, $"The memory cannot be written: {error.Message}", innerException: error);

    /// <summary>The names of the files of these blocks, in their order.</summary>
    internal static IEnumerable<string> FileNames(IEnumerable<RamBlock> blocks)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. blocks.Select(block => FileName(block.Name, names))];
    }

    /// <summary>A name of a file, whatever the block is called, that no other block has.</summary>
    private static string FileName(string block, HashSet<string> names)
    {
        var free = FileName(block);
        for (var number = 2; !names.Add(free); number++)
            free = $"{FileName(block)}~{number}";
        return free;
    }

    private static string FileName(string block)
    {
        var name = string.Concat(block.TrimStart('/').Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@' or ':' ? letter : '_'));
        return name.Trim('.') is "" ? "_" : name.Length > 200 ? name[..200] : name;
    }
}
