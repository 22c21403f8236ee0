using System.Diagnostics;
using LiveMigration.Migration.Qemu;
using LiveMigration.Readiness;
using LiveMigration.Tests.Migration.Qemu.Saving;

namespace LiveMigration.Tests.Readiness;

/// <summary>What hosts are asked between two QEMUs, by a user who is not root, and what their answers mean.</summary>
public sealed class QemuHostQuestionTests
{
    private static readonly string[] Files = ["ca-cert.pem", "server-key.pem"];

    [Fact]
    public void A_file_that_this_user_may_not_read_is_not_missing()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var root = Directory.CreateTempSubdirectory("it's tls ");
        try
        {
            File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_101_101);
            var folder = root.CreateSubdirectory("pki");
            foreach (var name in Files)
                File.WriteAllText(Path.Combine(folder.FullName, name), "");
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(Path.Combine(folder.FullName, Files[0]), (UnixFileMode)0b110_100_100);
            File.SetUnixFileMode(Path.Combine(folder.FullName, Files[1]), (UnixFileMode)0b110_100_100);
            Assert.Equal(OutcomeKind.Holds, Look(folder.FullName));
            File.SetUnixFileMode(Path.Combine(folder.FullName, Files[1]), UnixFileMode.None);
            Assert.Equal(OutcomeKind.Untold, Look(folder.FullName));
            File.Delete(Path.Combine(folder.FullName, Files[1]));
            Assert.Equal(OutcomeKind.Broken, Look(folder.FullName));
            Assert.Equal(OutcomeKind.Broken, Look(Path.Combine(root.FullName, "nosuch")));
            Assert.Equal(OutcomeKind.Broken, Look(Path.Combine(folder.FullName, Files[0])));
            File.SetUnixFileMode(folder.FullName, UnixFileMode.None);
            Assert.Equal(OutcomeKind.Untold, Look(folder.FullName));
            Assert.Equal(OutcomeKind.Untold, Look(Path.Combine(folder.FullName, "deeper")));
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        }
        finally
        {
            root.Delete(recursive: true);
        }

        static OutcomeKind Look(string folder) => QemuHostQuestions.JudgeFiles(AsNobody(QemuHostQuestions.Files(folder, Files)), folder, Files, "here").Kind;
    }

    [Fact]
    public void A_name_is_new_only_where_this_user_can_see_that_it_is()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var root = Directory.CreateTempSubdirectory("it's new ");
        try
        {
            File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_101_101);
            var file = Path.Combine(root.FullName, "a b");
            Assert.Equal(OutcomeKind.Holds, Look(file));
            File.CreateSymbolicLink(file, "/nosuch");
            Assert.Equal(OutcomeKind.Broken, Look(file));
            File.SetUnixFileMode(root.FullName, UnixFileMode.None);
            Assert.Equal(OutcomeKind.Untold, Look(file));
            File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_101_101);
        }
        finally
        {
            root.Delete(recursive: true);
        }

        static OutcomeKind Look(string file) => QemuHostQuestions.JudgeNew(AsNobody(QemuHostQuestions.IsNew(file)), file, "here").Kind;
    }

    /// <summary>What forbids to look may stand behind a name that says that there is nothing.</summary>
    [Fact]
    public void The_words_of_a_name_are_not_taken_for_what_is_said_of_it()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var root = Directory.CreateTempSubdirectory("x: No such file or directory ");
        try
        {
            File.SetUnixFileMode(root.FullName, UnixFileMode.None);
            var file = Path.Combine(root.FullName, "No such file or directory");
            Assert.Equal(OutcomeKind.Untold, QemuHostQuestions.JudgeNew(AsNobody(QemuHostQuestions.IsNew(file)), file, "here").Kind);
        }
        finally
        {
            File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_101_101);
            root.Delete(recursive: true);
        }
    }

    /// <summary>A base image that was replaced since QEMU opened it has the path, and is another one.</summary>
    [Fact]
    public void What_a_process_has_open_is_looked_at_and_not_what_has_its_path_now()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var root = Directory.CreateTempSubdirectory("it's open ");
        try
        {
            var file = Path.Combine(root.FullName, "ba se");
            File.WriteAllText(file, "old");
            using (File.OpenRead(file))
            {
                Assert.Equal("old", Look(file));
                Assert.Equal(QemuHostQuestions.NotOpen, Look(Path.Combine(root.FullName, "none")));
                File.WriteAllText(Path.Combine(root.FullName, "new"), "new");
                File.Move(Path.Combine(root.FullName, "new"), file, overwrite: true);
                Assert.Equal(QemuHostQuestions.NotOpen, Look(file));
                using var other = File.OpenRead(file);
                Assert.Equal(QemuHostQuestions.NotOpen, Look(file)); // Which of the two a disk is above is not known.
            }

            Assert.Equal(QemuHostQuestions.NotOpen, Look(file));
            Assert.Equal(QemuHostQuestions.Untold, Sh.Run($"{QemuHostQuestions.IsOpen(null, "/no such/monitor", file)}cat \"$open\"\n").Output.Trim());
        }
        finally
        {
            root.Delete(recursive: true);
        }

        static string Look(string file)
        {
            var script = QemuHostQuestions.IsOpen(Environment.ProcessId, "/m", file);
            var (by, at) = (Sh.Run($"{script}cat \"$open\"\n").Output.Trim(), Sh.Run($"{script}cat \"$path\"\n").Output.Trim());
            Assert.Equal(by, at);
            return by;
        }
    }

    [Fact]
    public void A_process_with_another_view_of_the_files_is_known()
    {
        if (Environment.UserName is not "root")
            return;
        Assert.Equal("", Sh.Run(QemuHostQuestions.View(Environment.ProcessId, "/m")).Output);
        using var other = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "echo; read x"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        other.StandardOutput.ReadLine();
        Assert.Equal(QemuHostQuestions.Elsewhere, Sh.Run(QemuHostQuestions.View(other.Id, "/m")).Output.Trim());
        other.StandardInput.Close();
        other.WaitForExit();
    }

    [Fact]
    public void A_file_that_is_not_there_does_not_count_as_removed()
    {
        var file = Path.Combine(Path.GetTempPath(), $"it's {Guid.NewGuid()}");
        File.WriteAllText(file, "");
        Assert.Equal("", Sh.Run(QemuHostQuestions.Remove(file)).Output);
        Assert.False(File.Exists(file));
        Assert.Equal(QemuHostQuestions.Gone, Sh.Run(QemuHostQuestions.Remove(file)).Output.Trim());
    }

    /// <summary>What <c>qemu-img map --output=json</c> of 7.2 and 10.0 puts out for an empty overlay, one with a cluster of zeros, and an image of its own.</summary>
    [Theory]
    [InlineData("""[{ "start": 0, "length": 25165824, "depth": 1, "present": true, "zero": false, "data": true, "offset": 327680}, { "start": 25165824, "length": 8388608, "depth": 1, "present": false, "zero": true, "data": false}]""", true)]
    [InlineData("""[{ "start": 0, "length": 65536, "depth": 0, "present": true, "zero": true, "data": false}, { "start": 65536, "length": 33488896, "depth": 1, "present": true, "zero": false, "data": true}]""", false)]
    [InlineData("[]", null)]
    public void An_overlay_is_empty_if_nothing_is_in_its_topmost_image(string said, bool? isEmpty) =>
        Assert.Equal(isEmpty, QemuHostQuestions.IsEmptyOverlay(said));

    [Fact]
    public void A_host_without_getent_does_not_say_whether_it_knows_a_name()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Equal(OutcomeKind.Holds, QemuHostQuestions.JudgeName(AsNobody(QemuHostQuestions.Name("localhost")), "localhost", "a").Kind);
        Assert.Equal(OutcomeKind.Broken, QemuHostQuestions.JudgeName(AsNobody(QemuHostQuestions.Name("no-such-host.invalid")), "no-such-host.invalid", "a").Kind);
        Assert.Equal(OutcomeKind.Untold, QemuHostQuestions.JudgeName(AsNobody($"PATH=/nosuch\n{QemuHostQuestions.Name("localhost")}"), "localhost", "a").Kind);
        Assert.Equal(OutcomeKind.Untold, QemuHostQuestions.JudgePort(AsNobody($"PATH=/nosuch\n{QemuHostQuestions.Listeners}"), "0.0.0.0", 80, "a").Kind);
    }

    [Theory]
    [InlineData("0100007F:1F90", "0.0.0.0", 2)] // 127.0.0.1
    [InlineData("0100007F:1F90", "127.0.0.1", 2)]
    [InlineData("0100007F:1F90", "10.0.0.1", 0)]
    [InlineData("0100007F:1F91", "0.0.0.0", 0)]
    [InlineData("00000000:1F90", "10.0.0.1", 2)]
    [InlineData("00000000000000000000000000000000:1F90", "10.0.0.1", 1)]
    [InlineData("00000000000000000000000000000000:1F90", "::", 2)]
    [InlineData("0000000000000000FFFF00000100000A:1F90", "10.0.0.1", 2)]
    [InlineData("00000000000000000000000001000000:1F90", "10.0.0.1", 0)] // ::1
    [InlineData("00000000000000000000000001000000:1F90", "::1", 2)]
    [InlineData("0100007F:1F90", "::", 1)]
    [InlineData("0100007F:1F90", "name", 1)]
    [InlineData("", "0.0.0.0", 0)]
    public void A_port_is_taken_at_an_address(string listener, string bound, int kind)
    {
        OutcomeKind[] kinds = [OutcomeKind.Holds, OutcomeKind.Untold, OutcomeKind.Broken];
        Assert.Equal(kinds[kind], QemuHostQuestions.JudgePort($"0200007F:0016\n{listener}\n", bound, 8080, "b").Kind);
    }

    private static string AsNobody(string script)
    {
        string[] command = Environment.UserName == "root" ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-s"] : ["sh", "-s"];
        using var shell = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        var said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return said;
    }
}
