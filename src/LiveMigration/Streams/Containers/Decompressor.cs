using System.ComponentModel;
using System.Diagnostics;
using LiveMigration.Errors;

namespace LiveMigration.Streams.Containers;

/// <summary>A program that decompresses what it is fed, as libvirt does it.</summary>
internal sealed class Decompressor : IDisposable
{
    private const int LongestMessage = 2000;

    private readonly Process _process;
    private readonly Task _feeding;
    private readonly Task<string> _errors;
    private readonly CancellationTokenRegistration _stopping;

    private Decompressor(Process process, Stream compressed, CancellationToken stop)
    {
        _process = process;
        _stopping = stop.Register(Kill);
        _errors = ErrorsAsync(process.StandardError);
        _feeding = FeedAsync(compressed, process.StandardInput.BaseStream, stop);
    }

    /// <summary>What comes out.</summary>
    internal Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts it.</summary>
    /// <exception cref="LiveMigrationException">There is no such program.</exception>
    internal static Decompressor Start(StreamCompression compression, Stream compressed, CancellationToken stop)
    {
        var (program, arguments) = Compressors.Of(compression);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return new Decompressor(Process.Start(start)!, compressed, stop);
        }
        catch (Win32Exception error)
        {
            throw new LiveMigrationException(Faults.DecompressorMissing, $"The stream is compressed by {program}, which cannot be started: {error.Message}.", innerException: error);
        }
    }

    /// <summary>After all output was read: what it has to complain of; null where it succeeded.</summary>
    internal string? Complaint()
    {
        _feeding.GetAwaiter().GetResult();
        _process.WaitForExit();
        return _process.ExitCode == 0 ? null : $"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {_errors.GetAwaiter().GetResult().Trim()}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        Kill();
        // The feeder reads a file that its owner closes next.
        _feeding.GetAwaiter().GetResult();
        _process.Dispose();
    }

    private static async Task FeedAsync(Stream compressed, Stream input, CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            await compressed.CopyToAsync(input, 1 << 16, stop).ConfigureAwait(false);
            input.Close();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It ended early, and says why itself.
        }
    }

    /// <summary>All of it is read, so that it never waits; the beginning is kept.</summary>
    private static async Task<string> ErrorsAsync(StreamReader errors)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[1024];
        int read;
        while ((read = await errors.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            kept.Append(buffer, 0, Math.Min(read, LongestMessage - kept.Length));
        return kept.ToString();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
