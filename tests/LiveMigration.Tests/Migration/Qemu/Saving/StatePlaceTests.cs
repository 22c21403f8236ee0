using System.Security.Cryptography;
using System.Text;
using LiveMigration.Migration.Qemu.Saving;

namespace LiveMigration.Tests.Migration.Qemu.Saving;

/// <summary>The scripts run for real, on this machine, with names of files that are unkind to a shell.</summary>
public sealed class StatePlaceTests : IDisposable
{
    private static readonly byte[] Data = RandomNumberGenerator.GetBytes(1 << 20);

    private static readonly StateEncoding Plain = new();

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lm state ");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("web1.state")]
    [InlineData("with spaces")]
    [InlineData("it's \"quoted\"")]
    [InlineData("two\nlines\n")]
    [InlineData("-rf")]
    [InlineData("$(touch gone) `id`; exit 3 # \\")]
    [InlineData("*?[a]")]
    public void A_file_is_prepared_stored_read_and_named_whatever_it_is_called(string name)
    {
        foreach (var folder in new[] { _root.FullName, _root.CreateSubdirectory(name.Trim('\n')).FullName })
        {
            var place = new StatePlace(Path.Combine(folder, name + ".s"));
            var made = Prepare(place);
            Assert.StartsWith(folder + "/" + StatePlace.FolderMark, made, StringComparison.Ordinal);
            Assert.Equal(0, Sh.Run(place.Store(made, Plain), Data).Code);
            var end = CommandEnd.Read(Sh.Run(StatePlace.Await(made)).Output);
            Assert.Null(end.Complaint);
            Assert.Equal((Hash(Data), Data.Length), (end.Sha256, end.Length));
            var (code, _, errors) = Sh.Run(place.Finish(made, "about\n"u8.ToArray(), force: false));
            Assert.True(code == 0, errors);
            Assert.Equal(Data, File.ReadAllBytes(place.File!));
            Assert.Equal("about\n", File.ReadAllText(place.Sidecar!));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(place.File!) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.False(Directory.Exists(made));
            Assert.Equal(Convert.ToBase64String(Data[..StateLayers.Window]), Sh.Run(StatePlace.Head(place.File, Plain)).Output.Trim());
            Assert.Equal("about\n", Encoding.UTF8.GetString(Convert.FromBase64String(Sh.Run(place.ReadSidecar()).Output.Trim())));
            Assert.Equal("exists", Sh.Run(place.Prepare(_root.FullName, Plain, force: false)).Output.Trim());
        }

        Assert.False(File.Exists("gone"));
    }

    [Fact]
    public void A_file_that_came_meanwhile_is_not_replaced_and_with_force_it_is()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        var made = Prepare(place);
        Sh.Run(place.Store(made, Plain), Data);
        File.WriteAllText(place.File!, "mine");
        var (code, _, errors) = Sh.Run(place.Finish(made, "a"u8.ToArray(), force: false));
        Assert.True(code != 0 && errors.Contains("meanwhile", StringComparison.Ordinal), errors);
        Assert.Equal("mine", File.ReadAllText(place.File!));
        Assert.Equal(0, Sh.Run(place.Finish(made, "a"u8.ToArray(), force: true)).Code);
        Assert.Equal(Data, File.ReadAllBytes(place.File!));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_in_the_way_and_a_folder_is_even_with_force()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        File.CreateSymbolicLink(place.File!, "/nowhere/at/all");
        Assert.Equal("exists", Sh.Run(place.Prepare(_root.FullName, Plain, force: false)).Output.Trim());
        Directory.CreateDirectory(Path.Combine(_root.FullName, "d"));
        Assert.Equal("isfolder", Sh.Run(new StatePlace(Path.Combine(_root.FullName, "d")).Prepare(_root.FullName, Plain, force: true)).Output.Trim());
        Assert.Equal("nofolder", Sh.Run(new StatePlace(Path.Combine(_root.FullName, "x/f")).Prepare(_root.FullName, Plain, force: true)).Output.Trim());
    }

    [Fact]
    public void What_another_save_made_stays_also_where_its_command_has_ended()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        var (ended, before) = (Prepare(place), Prepare(place));
        File.WriteAllText(Path.Combine(ended, "pid"), "999999999");
        Directory.SetLastWriteTimeUtc(before, DateTime.UtcNow.AddDays(-2));
        Prepare(place);
        Assert.True(Directory.Exists(ended));
        Assert.True(Directory.Exists(before));
    }

    [Fact]
    public void What_goes_wrong_after_the_file_has_its_name_is_told_and_before_that_it_fails()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        var made = Prepare(place);
        Sh.Run(place.Store(made, Plain), Data);
        File.WriteAllText(place.Sidecar!, "of another");
        Assert.Equal(1, Sh.Run(place.Finish(made, "a"u8.ToArray(), force: false)).Code);
        Assert.False(File.Exists(place.File!));
        File.Delete(place.Sidecar!);
        // What cannot be replaced by a file.
        Directory.CreateDirectory(Path.Combine(place.Sidecar!, "x"));
        var (code, output, _) = Sh.Run(place.Finish(made, "a"u8.ToArray(), force: true).Replace("rm -f ", "true ", StringComparison.Ordinal));
        Assert.Equal(0, code);
        Assert.Contains($"{place.Sidecar} could not be written.", output, StringComparison.Ordinal);
        Assert.Equal(Data, File.ReadAllBytes(place.File!));
    }

    [Fact]
    public void A_link_that_QEMUs_user_put_into_the_folder_is_not_followed()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        var (made, secret) = (Prepare(place), Path.Combine(_root.FullName, "secret"));
        File.WriteAllText(secret, "secret");
        foreach (var name in new[] { "status", "errors", "about" })
            File.CreateSymbolicLink(Path.Combine(made, name), secret);
        Assert.DoesNotContain("secret", Sh.Run(StatePlace.Await(made)).Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(made, "errors"));
        File.Delete(Path.Combine(made, "status"));
        Sh.Run(place.Store(made, Plain), Data);
        Assert.Equal(0, Sh.Run(place.Finish(made, "a"u8.ToArray(), force: false)).Code);
        Assert.Equal(("secret", "a"), (File.ReadAllText(secret), File.ReadAllText(place.Sidecar!)));
        made = Prepare(new StatePlace(Path.Combine(_root.FullName, "g")));
        File.CreateSymbolicLink(Path.Combine(made, "state"), secret);
        Assert.Equal(1, Sh.Run(new StatePlace(Path.Combine(_root.FullName, "g")).Finish(made, "a"u8.ToArray(), force: true)).Code);
    }

    [Fact]
    public async Task A_command_that_hangs_is_ended_with_all_that_it_began_and_no_other()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        var encoding = new StateEncoding { Command = "sleep 1000 | sleep 1001" };
        var made = Prepare(place, encoding);
        using var qemu = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", place.Store(made, encoding)]) { RedirectStandardInput = true })!;
        var pid = Path.Combine(made, "pid");
        for (var n = 0; n < 600 && (!File.Exists(pid) || File.ReadAllText(pid).Length == 0); n++)
            await Task.Delay(50);
        Assert.Equal(0, Sh.Run(StatePlace.EndCommand(made)).Code);
        Assert.True(qemu.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Contains("was killed", CommandEnd.Read(Sh.Run(StatePlace.Await(made)).Output).Complaint, StringComparison.Ordinal);
        // A process that is elsewhere is not of the save, whatever stands in the file.
        File.WriteAllText(pid, $"{Environment.ProcessId}");
        Assert.Equal(0, Sh.Run(StatePlace.EndCommand(made)).Code);
    }

    [Fact]
    public void A_file_that_was_replaced_or_changed_is_another_one()
    {
        var file = Path.Combine(_root.FullName, "d'isk");
        File.WriteAllText(file, "a");
        var before = Sh.Run(StatePlace.Identity(file)).Output;
        Assert.Equal(before, Sh.Run(StatePlace.Identity(file)).Output);
        File.Copy(file, file + "2");
        File.Move(file + "2", file, overwrite: true);
        Assert.NotEqual(before, Sh.Run(StatePlace.Identity(file)).Output);
    }

    [Fact]
    public void A_key_that_is_not_there_and_a_program_that_is_not_are_told()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        Assert.Equal("nokey", Sh.Run(place.Prepare(_root.FullName, new StateEncoding { Encryption = StateEncryption.Gpg, KeyFile = "/no such/key" }, force: false)).Output.Trim());
        Assert.Empty(_root.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("cat >/dev/null; exit 3", "the command ended with 3")]
    [InlineData("exit 3", "the command ended with 3")]
    [InlineData("echo 'no route to backup' >&2; exit 1", "the command ended with 1 (no route to backup)")]
    public void A_command_that_fails_is_told_with_its_words(string command, string told)
    {
        foreach (var place in new[] { new StatePlace(null), new StatePlace(Path.Combine(_root.FullName, "f")) })
        {
            var encoding = new StateEncoding { Command = command };
            var made = Prepare(place, encoding);
            Sh.Run(place.Store(made, encoding), Data);
            Assert.Equal(told, CommandEnd.Read(Sh.Run(StatePlace.Await(made)).Output).Complaint);
            Sh.Run(StatePlace.Discard(made));
            Assert.False(Directory.Exists(made));
        }
    }

    [Fact]
    public void A_command_that_never_began_or_was_killed_is_told()
    {
        var made = Prepare(new StatePlace(Path.Combine(_root.FullName, "f")));
        File.WriteAllText(Path.Combine(made, "pid"), "999999999");
        Assert.Contains("was killed", CommandEnd.Read(Sh.Run(StatePlace.Await(made)).Output).Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_command_took_elsewhere_is_read_from_where_another_gives_it()
    {
        var elsewhere = Path.Combine(_root.FullName, "else where");
        var place = new StatePlace(null);
        var encoding = new StateEncoding { Compression = StateCompression.Gzip, Command = $"cat >'{elsewhere}'", ReadCommand = $"cat '{elsewhere}'" };
        var made = Prepare(place, encoding);
        Sh.Run(place.Store(made, encoding), Data);
        var end = CommandEnd.Read(Sh.Run(StatePlace.Await(made)).Output);
        Sh.Run(StatePlace.Discard(made));
        Assert.Null(end.Complaint);
        Assert.Equal(Hash(File.ReadAllBytes(elsewhere)), end.Sha256);
        var (_, _, errors) = Sh.Run(StatePlace.Read(null, encoding) + "exec >/dev/null\n");
        Assert.Equal(end.Sha256, ShellPipeline.Hash(errors));
        Assert.Equal([("command", 0), ("tee", 0), ("gzip", 0)], ShellPipeline.Statuses(errors));
    }

    [Fact]
    public void What_is_loaded_is_what_was_stored_and_says_how_it_ended()
    {
        var place = new StatePlace(Path.Combine(_root.FullName, "f"));
        var encoding = new StateEncoding { Compression = StateCompression.Gzip };
        var made = Prepare(place, encoding);
        Sh.Run(place.Store(made, encoding), Data);
        Sh.Run(place.Finish(made, "a"u8.ToArray(), force: false));
        var folder = Sh.Run(StatePlace.PrepareLoad(_root.FullName)).Output.TrimEnd('\n');
        var (_, output, _) = Sh.Run($"({place.Load(folder, encoding)}) | sha256sum", []);
        Assert.StartsWith(Hash(Data), output, StringComparison.Ordinal);
        Assert.Null(CommandEnd.Read(Sh.Run(StatePlace.Await(folder)).Output).ReadingComplaint);
        Sh.Run(StatePlace.Discard(folder));
        using (var file = File.OpenWrite(place.File!))
            file.SetLength(file.Length / 2);
        folder = Sh.Run(StatePlace.PrepareLoad(_root.FullName)).Output.TrimEnd('\n');
        Sh.Run($"({place.Load(folder, encoding)}) >/dev/null", []);
        Assert.StartsWith("gzip ended with", CommandEnd.Read(Sh.Run(StatePlace.Await(folder)).Output).ReadingComplaint, StringComparison.Ordinal);
        Sh.Run(StatePlace.Discard(folder));
    }

    [Fact]
    public void The_times_of_disks_are_told_in_their_order()
    {
        var file = Path.Combine(_root.FullName, "d'isk");
        File.WriteAllText(file, "");
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc));
        var lines = Sh.Run(StatePlace.Changes([file, "/no such"])).Output.Split('\n');
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), SavedDisk.Time(lines[0]));
        Assert.Null(SavedDisk.Time(lines[1]));
    }

    [Fact]
    public void Who_has_a_file_open_is_told_by_number()
    {
        var file = Path.Combine(_root.FullName, "d isk");
        using var open = File.Create(file);
        Assert.Contains($"{Environment.ProcessId}", Holders(file, "/no/such/monitor"));
        Assert.Empty(Holders("/no/such/file", "/no/such/monitor"));
        Assert.DoesNotContain($"{Environment.ProcessId}", Holders(file, "/no/such/monitor", Environment.ProcessId));
        Assert.Contains("unknown", Sh.Run($"PATH=/nowhere\n{StatePlace.Holders(file, "/m", null)}").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on,spawn=deny", "deny")]
    [InlineData("on,spawn=allow", "ok")]
    public void A_QEMU_that_may_start_no_program_is_known(string sandbox, string said)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", "read x", "qemu", "-sandbox", sandbox]) { RedirectStandardInput = true })!;
        Assert.Equal(said, Sh.Run(StatePlace.Spawning(process.Id, "/m")).Output.Trim());
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal("unknown", Sh.Run(StatePlace.Spawning(null, "/no such/monitor")).Output.Trim());
    }

    [Fact]
    public async Task Another_QEMU_whose_monitor_has_a_longer_name_is_not_the_one_that_waits()
    {
        var file = Path.Combine(_root.FullName, "disk");
        await File.WriteAllTextAsync(file, "");
        using var other = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", "exec 9<\"$0\"; echo; read x", file, "unix:/run/a.qmp2,server=on"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            await other.StandardOutput.ReadLineAsync();
            Assert.Contains($"{other.Id}", Holders(file, "/run/a.qmp"));
            Assert.Contains($"{other.Id}", Holders(file, "/run/aXqmp2"));
            Assert.Contains($"{other.Id}", Holders(file, "/run/a?qmp2"));
            Assert.DoesNotContain($"{other.Id}", Holders(file, "/run/a.qmp2"));
        }
        finally
        {
            other.Kill();
        }
    }

    /// <summary>The numbers alone: whether all processes can be looked at depends on where this runs.</summary>
    private static string[] Holders(string file, string monitor, int? process = null) =>
        [.. Sh.Run(StatePlace.Holders(file, monitor, process)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != StatePlace.NotAll)];

    private static string Hash(byte[] data) => Convert.ToHexString(SHA256.HashData(data)).ToLowerInvariant();

    private string Prepare(StatePlace place, StateEncoding? encoding = null)
    {
        var (_, output, errors) = Sh.Run(place.Prepare(_root.FullName, encoding ?? Plain, force: false));
        Assert.True(output.StartsWith("ok ", StringComparison.Ordinal), output + errors);
        return output[3..].TrimEnd('\n');
    }
}
