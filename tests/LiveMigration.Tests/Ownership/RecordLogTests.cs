using LiveMigration.Ownership;
using LiveMigration.Tests.Lab;

namespace LiveMigration.Tests.Ownership;

public sealed class RecordLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("record-log").FullName;

    private string File => Path.Combine(_folder, "one.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_and_can_be_gone_on_with()
    {
        Write("first", "second ü");
        Write("third");
        Assert.Equal(["first", "second ü", "third"], RecordLog.Read(File));
    }

    /// <summary>Wherever the power fails: what came before stands, and the next record follows it.</summary>
    [Fact]
    public void A_torn_last_line_was_never_written()
    {
        Write("first", "second");
        var whole = System.IO.File.ReadAllBytes(File);
        for (var length = whole.Length / 2 + 1; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal(["first"], RecordLog.Read(File));
            Write("instead");
            Assert.Equal(["first", "instead"], RecordLog.Read(File));
        }
    }

    [Theory]
    [InlineData("second", "sxcond")]
    [InlineData("first", "First")]
    public void A_changed_line_is_noticed(string before, string after)
    {
        Write("first", "second", "third");
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(before, after, StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => RecordLog.Read(File));
    }

    [Fact]
    public void A_lost_line_is_noticed()
    {
        Write("first", "second", "third");
        System.IO.File.WriteAllLines(File, System.IO.File.ReadAllLines(File).Where(line => !line.EndsWith("second", StringComparison.Ordinal)));
        // What is left is a whole record, and must not be taken for a torn one: it would be overwritten.
        Assert.Throws<InvalidDataException>(() => RecordLog.Read(File));
        Assert.Throws<InvalidDataException>(() => RecordLog.TryOpen(File));
        Assert.EndsWith("third\n", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    /// <summary>D2: a full disk fails the record that it did not take, and every later one, and the log can be closed and read.</summary>
    [LabFact]
    public async Task A_disk_that_is_full_fails_the_record_and_loses_none_before_it()
    {
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder);
        try
        {
            Write("first");
            using (var log = RecordLog.TryOpen(File)!)
            {
                Assert.Throws<IOException>(() => log.Append(new string('x', 1 << 18)));
                Assert.Throws<IOException>(() => log.Append("small"));
            }

            Assert.False(RecordLog.IsHeld(File));
            Assert.Equal(["first"], RecordLog.Read(File));
            Write("second");
            Assert.Equal(["first", "second"], RecordLog.Read(File));
        }
        finally
        {
            await RunAsync("umount", _folder);
        }
    }

    /// <summary>Whoever looks whether a log is written takes the same lock for an instant; a writer that comes just then is not sent away.</summary>
    [Fact]
    public async Task Those_who_look_do_not_keep_a_writer_out()
    {
        Write("first");
        using var enough = new CancellationTokenSource();
        using var looks = new SemaphoreSlim(0);
        var looking = Task.Factory.StartNew(
            () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    RecordLog.IsHeld(File);
                    looks.Release();
                }
            },
            TaskCreationOptions.LongRunning);
        try
        {
            for (var round = 0; round < 3000; round++)
            {
                await looks.WaitAsync();
                using var log = RecordLog.TryOpen(File);
                Assert.True(log is not null, $"Kept out in round {round}.");
            }
        }
        finally
        {
            await enough.CancelAsync();
            await looking;
        }
    }

    [Fact]
    public void One_writes_at_a_time_and_others_read_meanwhile()
    {
        using var log = RecordLog.TryOpen(File)!;
        log.Append("first");
        Assert.True(RecordLog.IsHeld(File));
        Assert.Null(RecordLog.TryOpen(File));
        Assert.Equal(["first"], RecordLog.Read(File));
        log.Dispose();
        Assert.False(RecordLog.IsHeld(File));
        RecordLog.TryOpen(File)!.Dispose();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
    }

    private void Write(params string[] records)
    {
        using var log = RecordLog.TryOpen(File)!;
        foreach (var record in records)
            log.Append(record);
    }
}
