using System.Buffers.Binary;
using System.IO.Compression;
using LiveMigration.Errors;
using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams.Containers;

/// <summary>A stream in a file: behind libvirt's header, through a decompressor.</summary>
internal sealed class StreamFile : IDisposable
{
    private readonly Stream _file;
    private readonly CancellationToken _stop;
    private Decompressor? _decompressor;
    private GZipStream? _gzip;
    private RestOfInput? _rest;

    private StreamFile(Stream file, StreamInput input, CancellationToken stop) => (_file, Input, _stop) = (file, input, stop);

    internal StreamInput Input { get; private set; }

    internal LibvirtSaveHeader? Header { get; private set; }

    internal StreamCompression Compression { get; private set; }

    /// <summary>The file where the stream can be read in any order; null where it cannot.</summary>
    internal Stream? Seekable => Compression == StreamCompression.None && _file.CanSeek ? _file : null;

    /// <summary>Opens a file.</summary>
    /// <exception cref="LiveMigrationException">It cannot be read.</exception>
    internal static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotReadable(path, error);
        }
    }

    /// <summary>Goes to the stream in a file.</summary>
    /// <param name="file">The file, or a pipe; closed by the caller.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="offset">Bytes in front of what is to be read.</param>
    /// <param name="findings">Gets what is wrong with the header.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="LiveMigrationException">It holds no stream.</exception>
    /// <exception cref="BrokenStreamException">libvirt's header is damaged.</exception>
    internal static StreamFile Enter(Stream file, string path, long offset, Findings findings, CancellationToken stop)
    {
        var input = new StreamInput(file, file.CanSeek ? file.Position : 0, stop);
        if (offset > 0)
            input.Skip((ulong)offset);
        var entered = new StreamFile(file, input, stop);
        try
        {
            entered.Recognize(path, findings);
            return entered;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    internal static LiveMigrationException NotReadable(string path, Exception error) =>
        new(Faults.StreamNotReadable, $"'{path}' cannot be read: {error.Message}", innerException: error);

    /// <summary>After the walk: what is wrong with the compressed data behind what was read of them; null where nothing is, or where the walk did not come to their end.</summary>
    internal string? Complaint()
    {
        if (Compression == StreamCompression.None || !Input.IsAtEnd)
            return null;
        // .NET does not look whether the end of gzip's data is there: the length modulo 2^32.
        return _decompressor is not null ? _decompressor.Complaint()
            : BinaryPrimitives.ReadUInt32LittleEndian(_rest!.Tail) == (uint)Input.Position ? null
            : "The compressed data end without the length that gzip writes at their end: they are cut short.";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decompressor?.Dispose();
        _gzip?.Dispose();
    }

    private void Recognize(string path, Findings findings)
    {
        var start = Input.Peek(16);
        if (LibvirtImage.IsImage(start))
            (Header, Compression) = LibvirtImage.Read(Input, findings);
        else if (!RecordWalk.IsStream(start) && (Compression = Compressors.Recognize(start)) == StreamCompression.None)
            throw new LiveMigrationException(Faults.StreamNotRecognized, $"'{path}' holds neither a stream of QEMU nor a saved image of libvirt{(Input.Position > 0 ? $" at {Input.Position}" : "")}.");
        if (Compression == StreamCompression.None)
            return;
        _rest = new RestOfInput(Input);
        if (Compression == StreamCompression.Gzip)
            _gzip = new GZipStream(_rest, CompressionMode.Decompress);
        else
            _decompressor = Decompressor.Start(Compression, _rest, _stop);
        Input = new StreamInput(_gzip ?? _decompressor!.Output, 0, _stop);
        if (Header is null && !RecordWalk.IsStream(Input.Peek(4)))
            throw new LiveMigrationException(Faults.StreamNotRecognized, $"'{path}' holds something else than a stream of QEMU, compressed.");
    }
}
