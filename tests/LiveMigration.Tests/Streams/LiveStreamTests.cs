using System.Net.Sockets;
using System.Text.Json.Nodes;
using LiveMigration.Streams;
using LiveMigration.Tests.Interop.Qmp;

namespace LiveMigration.Tests.Streams;

/// <summary>Streams that a QEMU writes now: the RAM that is read from them is what QEMU has, byte for byte.</summary>
[Trait("Category", "Lab")]
public sealed class LiveStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [QemuTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_RAM_of_a_guest_that_stands_is_read_as_QEMU_has_it(bool young)
    {
        if (young && StreamQemu.Unavailable is not null)
            return;
        await using var qemu = await StreamQemu.StartAsync(_folder, "qmp", young);
        await qemu.Monitor.ExecuteAsync("stop");
        await qemu.MigrateAsync($"exec:cat > {File("plain")}");
        await qemu.EndedAsync();

        var stream = await IsReadAsync(qemu, "plain");

        Assert.Equal(StreamForm.Plain, stream.Form);
        var bytes = await System.IO.File.ReadAllBytesAsync(File("plain"));
        Assert.Equal(
            RecordedStream.Described(bytes).Select(device => (device.Name, device.Instance)),
            stream.Sections.Where(section => !section.IsLive).Select(section => (section.Name, section.InstanceId)));
    }

    [YoungQemuFact]
    public async Task Changes_of_a_guest_that_runs_are_put_in_one_after_the_other()
    {
        await using var qemu = await StreamQemu.StartAsync(_folder, "qmp", young: true);
        await qemu.CapabilitiesAsync("xbzrle");
        await qemu.Monitor.ExecuteAsync("migrate-set-parameters", new JsonObject { ["downtime-limit"] = 1, ["max-bandwidth"] = 2 << 20 });
        await qemu.MigrateAsync($"exec:cat > {File("xbzrle")}");
        await qemu.EndedAsync();

        var stream = await IsReadAsync(qemu, "xbzrle");

        Assert.True(stream.RamBlocks.Single(block => block.Name == "pc.ram") is { Xbzrle: > 0, Resent: > 0 }, $"{stream.RamBlocks[0]}");
    }

    [YoungQemuFact]
    public async Task A_mapped_file_is_read_behind_what_is_in_front_of_it()
    {
        await using var qemu = await StreamQemu.StartAsync(_folder, "qmp", young: true);
        await Task.Delay(50); // The guest writes some pages.
        await qemu.Monitor.ExecuteAsync("stop");
        await qemu.CapabilitiesAsync("mapped-ram");
        await qemu.MigrateAsync($"file:{File("mapped")},offset=12345");
        await qemu.EndedAsync();

        Assert.Equal(StreamForm.MappedRam, (await IsReadAsync(qemu, "mapped", new StreamReading { Offset = 12345 })).Form);
    }

    [YoungQemuFact]
    public async Task A_stream_that_went_over_to_post_copy_is_read_to_its_end()
    {
        await using var source = await StreamQemu.StartAsync(_folder, "source", young: true);
        await using var destination = await StreamQemu.StartAsync(_folder, "destination", young: true, "-incoming", $"unix:{File("in")}");
        await destination.CapabilitiesAsync("postcopy-ram");
        await source.CapabilitiesAsync("postcopy-ram");
        await source.Monitor.ExecuteAsync("migrate-set-parameters", new JsonObject { ["downtime-limit"] = 1, ["max-bandwidth"] = 1 << 20 });
        using var tap = Tap.Listen(File("tap"), File("in"), File("postcopy"));
        await source.MigrateAsync($"unix:{File("tap")}");
        await source.UntilAsync(status => status.TryGetProperty("ram", out var ram) && ram.GetProperty("dirty-sync-count").GetInt64() > 2);
        await source.Monitor.ExecuteAsync("migrate-start-postcopy");
        await source.EndedAsync();
        await tap.EndedAsync();

        var stream = MigrationStreamReader.Read(File("postcopy"));

        Assert.Empty(stream.Damage);
        Assert.Equal(StreamForm.PostCopy, stream.Form);
        Assert.Contains(stream.Commands, command => command.Name == "PACKAGED");
        Assert.Equal(["POSTCOPY_LISTEN", "POSTCOPY_RUN"], stream.Commands.Select(command => command.Name).Where(name => name is "POSTCOPY_LISTEN" or "POSTCOPY_RUN"));
        Assert.Contains(stream.Sections, section => section is { Name: "cpu", IsLive: false });
        Assert.All(stream.RamBlocks, block => Assert.Equal(0, block.Missing));
        if (Environment.GetEnvironmentVariable("STREAM_RECORD") == "1")
            await RecordAsync("postcopy");
    }

    public void Dispose() => _folder.Dispose();

    private string File(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Intact, and its RAM is QEMU's, but for the addresses where firmware lies over it.</summary>
    private async Task<MigrationStream> IsReadAsync(StreamQemu qemu, string name, StreamReading? reading = null)
    {
        var stream = MigrationStreamReader.Read(File(name), (reading ?? new StreamReading()) with { MemoryFolder = File("ram") });
        var read = await System.IO.File.ReadAllBytesAsync(Path.Combine(File("ram"), "pc.ram"));
        var real = await qemu.MemoryAsync(_folder);

        Assert.Empty(stream.Damage);
        Assert.Equal(16 << 20, read.Length);
        Assert.True(read.AsSpan(0, 0xA0000).SequenceEqual(real.AsSpan(0, 0xA0000)), "The first 640 KiB differ.");
        Assert.True(read.AsSpan(1 << 20).SequenceEqual(real.AsSpan(1 << 20)), "What is above 1 MiB differs.");
        Assert.True(read.AsSpan(0x10000, 0x10000).IndexOfAnyExcept((byte)0) >= 0, "The guest has written nothing.");
        return stream;
    }

    private async Task RecordAsync(string name)
    {
        await using var recorded = System.IO.File.Create(RecordedStream.PathOf($"{name}-10.0"));
        await using var gzip = new System.IO.Compression.GZipStream(recorded, System.IO.Compression.CompressionLevel.SmallestSize);
        await gzip.WriteAsync(await System.IO.File.ReadAllBytesAsync(File(name)));
    }

    /// <summary>Passes on what comes, and writes down what goes to the destination.</summary>
    private sealed class Tap : IDisposable
    {
        private readonly Socket _listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private Task _passing = Task.CompletedTask;

        internal static Tap Listen(string path, string onward, string file)
        {
            var tap = new Tap();
            tap._listening.Bind(new UnixDomainSocketEndPoint(path));
            tap._listening.Listen();
            tap._passing = tap.PassAsync(onward, file);
            return tap;
        }

        internal Task EndedAsync() => _passing.WaitAsync(TimeSpan.FromMinutes(1));

        public void Dispose() => _listening.Dispose();

        private async Task PassAsync(string onward, string file)
        {
            using var source = new NetworkStream(await _listening.AcceptAsync(), ownsSocket: true);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(onward));
            using var destination = new NetworkStream(socket, ownsSocket: true);
            await using var written = System.IO.File.Create(file);
            var back = destination.CopyToAsync(source);
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await source.ReadAsync(buffer)) > 0)
            {
                await written.WriteAsync(buffer.AsMemory(0, read));
                await destination.WriteAsync(buffer.AsMemory(0, read));
            }

            socket.Shutdown(SocketShutdown.Send);
            await back.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
