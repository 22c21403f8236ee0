using LiveMigration.State;
using LiveMigration.Tests.Lab;
using LiveMigration.Tracing;

namespace LiveMigration.Tests.State;

public sealed class RecordLogTests : IDisposable
{
    private readonly GivenState _state = new();

    private LogFolder Logs => _state.Store.Logs("logs", "line");

    private string File => Logs.FileOf("one");

    public void Dispose() => _state.Dispose();

    [Fact]
    public void What_was_written_is_read_and_can_be_gone_on_with()
    {
        Write("first", "second ü");
        Write("third");
        Assert.Equal(["first", "second ü", "third"], Read());
        var content = Logs.Read("one");
        Assert.True(content.IsComplete);
        Assert.Empty(content.Damage);
        Assert.Equal(["one"], Logs.Ids);
    }

    [Fact]
    public void A_record_is_what_a_reader_of_the_file_finds()
    {
        using var log = Logs.TryOpen("one")!;
        var written = log.Append(("text", "x"), ("number", 5), ("none", default(string)));
        var read = Assert.Single(Logs.Read("one").Records);
        Assert.Equal((read.Kind, read.Time, read.Writer), (written.Kind, written.Time, written.Writer));
        Assert.Equal(read.Fields.All, written.Fields.All);
    }

    /// <summary>Wherever the power fails: what came before stands, and the next record follows it.</summary>
    [Fact]
    public void A_torn_last_line_was_never_written()
    {
        Write("first", "second");
        var whole = System.IO.File.ReadAllBytes(File);
        for (var length = Array.IndexOf(whole, (byte)'\n') + 2; length < whole.Length - 1; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal(["first"], Read());
            Assert.Single(Logs.Read("one").Damage);
            Write("instead");
            Assert.Equal(["first", "instead"], Read());
            var content = Logs.Read("one");
            Assert.True(content.IsComplete, string.Join('\n', content.Damage));
        }
    }

    [Fact]
    public void A_last_line_that_lacks_only_its_end_was_written()
    {
        Write("first", "second");
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^1]);
        Assert.Equal(["first", "second"], Read());
        Write("third");
        Assert.Equal(["first", "second", "third"], Read());
        Assert.Empty(Logs.Read("one").Damage);
    }

    /// <summary>Of a long line the end may reach the disk and the middle not.</summary>
    [Fact]
    public void A_last_line_with_zeros_in_it_was_never_written()
    {
        Write("first", new string('x', 10_000));
        var whole = System.IO.File.ReadAllBytes(File);
        whole.AsSpan(whole.Length - 9000, 4096).Clear();
        System.IO.File.WriteAllBytes(File, whole);
        Assert.True(Logs.Read("one").IsComplete);
        Write("instead");
        Assert.Equal(["first", "instead"], Read());
        Assert.True(Logs.Read("one").IsComplete);
    }

    [Theory]
    [InlineData("second", "sxcond", "first|third", "line 2 is not a record, or was altered; record 2 is missing before line 3")]
    [InlineData("first", "First", "second|third", "line 1 is not a record, or was altered; record 1 is missing before line 2")]
    [InlineData("third", "Third", "first|second", "line 3 is not a record, or was altered")]
    public void A_changed_line_is_noticed_and_the_others_are_read(string before, string after, string left, string damage)
    {
        Write("first", "second", "third");
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(before, after, StringComparison.Ordinal));
        var content = Logs.Read("one");
        Assert.False(content.IsComplete);
        Assert.Equal((left, damage), (string.Join('|', Read()), string.Join("; ", content.Damage)));
    }

    /// <summary>It stays noticed when others have been written after it, and nothing that is there is overwritten.</summary>
    [Theory]
    [InlineData("second", "first|third|fourth")]
    [InlineData("third", "first|second|fourth")]
    public void A_record_that_is_lost_is_missed_for_ever(string lost, string left)
    {
        Write("first", "second", "third");
        var lines = System.IO.File.ReadAllLines(File);
        System.IO.File.WriteAllLines(File, lost == "third" ? [.. lines[..2], "garbage"] : lines.Where(line => !line.Contains(lost, StringComparison.Ordinal)));
        Assert.False(Logs.Read("one").IsComplete);
        Write("fourth");
        Assert.False(Logs.Read("one").IsComplete);
        Assert.Equal(left, string.Join('|', Read()));
        Assert.Equal(lost == "third", System.IO.File.ReadAllText(File).Contains("garbage", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_added_by_others_is_passed_over()
    {
        Write("first");
        var line = System.IO.File.ReadAllText(File);
        System.IO.File.AppendAllText(File, "hello\n\n{}\n" + line);
        var unread = Logs.Read("one");
        Assert.Equal(["first"], unread.Records.Select(record => record.Fields["text"]));
        // It may have been records.
        Assert.False(unread.IsComplete);
        System.IO.File.WriteAllText(File, "hello\n" + line + line);
        Write("second");
        var content = Logs.Read("one");
        Assert.Equal(["line 1 is not a record, or was altered", "line 3 repeats record 1"], content.Damage);
        Assert.True(content.IsComplete);
        Assert.Equal(["first", "second"], Read());
    }

    [Fact]
    public void A_record_of_another_kind_is_passed_over_and_one_of_a_newer_version_is_missed()
    {
        Write("first");
        using (var log = _state.Store.Logs("logs", "other").TryOpen("one")!)
            log.Append(("text", "second"));
        Write("third");
        var content = Logs.Read("one");
        Assert.Equal(("first|third", "line 2 is of the kind 'other'", true), (string.Join('|', Read()), Assert.Single(content.Damage), content.IsComplete));

        var body = """{"v":2,"n":4,"shape":{}""";
        var sum = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)))[..16].ToLowerInvariant();
        System.IO.File.AppendAllText(File, $"{body},\"sum\":\"{sum}\"}}\n");
        Write("fifth");
        Assert.Equal(["first", "third", "fifth"], Read());
        Assert.False(Logs.Read("one").IsComplete);
        Assert.Equal("line 4 is a record of version 2, and this module reads version 1", Logs.Read("one").Damage[^1]);
    }

    /// <summary>With -Verbose, for example.</summary>
    [Fact]
    public void Who_watches_is_told_what_is_damaged()
    {
        Write("first");
        System.IO.File.AppendAllText(File, "hello\n");
        var thing = _state.Store.Records("things", "thing").Write(Guid.NewGuid());
        _state.Store.Records("things", "other").Write(thing.Key!.Value);
        var heard = new Heard();
        using (MigrationTracing.Events.Subscribe(heard, heard.Wants))
        {
            Logs.Read("one");
            Assert.Empty(_state.Store.Records("things", "thing").Read());
        }

        Assert.Equal([$"{File}: line 2 is not a record, or was altered.", $"is left out: it is of the kind 'other'."], heard.Sentences.Select((text, n) => n == 0 ? text : text[text.IndexOf("is left", StringComparison.Ordinal)..]));
    }

    /// <summary>D2: a full disk fails the record that it did not take, and every later one, and the log can be closed and read.</summary>
    [LabFact]
    public async Task A_disk_that_is_full_fails_the_record_and_loses_none_before_it()
    {
        Directory.CreateDirectory(_state.Folder);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _state.Folder);
        try
        {
            Write("first");
            using (var log = Logs.TryOpen("one")!)
            {
                Assert.Throws<IOException>(() => log.Append(("text", new string('x', 1 << 18))));
                Assert.Throws<IOException>(() => log.Append(("text", "small")));
            }

            Assert.False(Logs.IsHeld("one"));
            Assert.Equal(["first"], Read());
        }
        finally
        {
            await RunAsync("umount", _state.Folder);
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
                    Logs.IsHeld("one");
                    looks.Release();
                }
            },
            TaskCreationOptions.LongRunning);
        try
        {
            for (var round = 0; round < 3000; round++)
            {
                await looks.WaitAsync();
                using var log = Logs.TryOpen("one");
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
        using var log = Logs.TryOpen("one")!;
        log.Append(("text", "first"));
        Assert.True(Logs.IsHeld("one"));
        Assert.Null(Logs.TryOpen("one"));
        Assert.False(Logs.Remove("one"));
        Assert.Equal(["first"], Read());
        log.Dispose();
        Assert.False(Logs.IsHeld("one"));
        Logs.TryOpen("one")!.Dispose();
        Assert.True(Logs.Remove("one"));
        Assert.Empty(Logs.Ids);
    }

    [Theory]
    [InlineData("../one")]
    [InlineData("/etc/one")]
    [InlineData("")]
    public void An_id_does_not_lead_out_of_the_folder(string id)
    {
        Assert.Throws<ArgumentException>(() => Logs.TryOpen(id));
        Assert.Throws<FileNotFoundException>(() => Logs.Read(id));
        Assert.False(Logs.IsHeld(id));
        Assert.False(Logs.Remove(id));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
    }

    private IEnumerable<string> Read() => Logs.Read("one").Records.Select(record => record.Fields["text"]!);

    /// <summary>Hears this test alone: listeners belong to the process.</summary>
    private sealed class Heard : IObserver<KeyValuePair<string, object?>>
    {
        private readonly AsyncLocal<bool> _here = new() { Value = true };

        public List<string> Sentences { get; } = [];

        public bool Wants(string name) => _here.Value && name == MigrationTracing.Message;

        public void OnNext(KeyValuePair<string, object?> told)
        {
            if (_here.Value)
                Sentences.Add((string)told.Value!);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => Assert.Fail(error.Message);
    }

    private void Write(params string[] records)
    {
        using var log = Logs.TryOpen("one")!;
        foreach (var record in records)
            log.Append(("text", record));
    }
}
