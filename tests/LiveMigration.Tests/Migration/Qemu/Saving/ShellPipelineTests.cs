using System.Security.Cryptography;
using System.Text;
using LiveMigration.Migration.Qemu.Saving;

namespace LiveMigration.Tests.Migration.Qemu.Saving;

public sealed class ShellPipelineTests
{
    private static readonly byte[] Data = Encoding.ASCII.GetBytes(new string('x', 300_000));

    [Fact]
    public void Each_program_has_its_status_in_its_place_and_what_passed_is_hashed()
    {
        var (output, said) = Run([new("one", "cat"), new("two", "tr x y")], hashBehind: 1);
        Assert.Equal(new string('y', Data.Length), output);
        Assert.Equal([("one", 0), ("tee", 0), ("two", 0)], ShellPipeline.Statuses(said));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Data)).ToLowerInvariant(), ShellPipeline.Hash(said));
        Assert.Null(ShellPipeline.Culprit(ShellPipeline.Statuses(said)));
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("cat >/dev/null; exit 3", 3)]
    [InlineData("cat; exit 4", 4)]
    [InlineData("sh -c 'kill -9 $$'", 137)]
    public void A_program_that_fails_in_the_middle_is_to_blame(string command, int status)
    {
        var (_, said) = Run([new("one", "cat"), new("own", command), new("write", "cat")], hashBehind: 2);
        Assert.Equal(("own", status), ShellPipeline.Culprit(ShellPipeline.Statuses(said)));
    }

    [Fact]
    public void Of_a_pipeline_that_reads_the_one_that_was_given_nonsense_is_to_blame_and_not_those_behind_it()
    {
        var (_, said) = Run([new("read", "cat"), new("age", "head -c 10; exit 1"), new("gzip", "gzip -dc")], hashBehind: 1);
        Assert.Equal(("age", 1), ShellPipeline.ReadingCulprit(ShellPipeline.Statuses(said)));
        (_, said) = Run([new("read", "cat nosuchfile"), new("gzip", "gzip -dc")], hashBehind: 1);
        Assert.Equal("gzip", ShellPipeline.ReadingCulprit(ShellPipeline.Statuses(said))?.Name);
    }

    [Fact]
    public void A_program_that_leaves_another_behind_is_not_waited_for()
    {
        var (_, said) = Run([new("one", "cat; sleep 50 >/dev/null 2>&1 </dev/null &")], hashBehind: 1);
        Assert.Equal(2, ShellPipeline.Statuses(said).Count);
    }

    [Fact]
    public void What_is_no_line_of_ours_is_no_status() =>
        Assert.Empty(ShellPipeline.Statuses("status\nage: status 1 is bad 3 x\n\nsha256 abc"));

    [Fact]
    public void Each_program_has_to_say_how_it_ended_once()
    {
        var hash = $"sha256 {new string('a', 64)}\n";
        Assert.True(ShellPipeline.IsComplete($"pipeline 2\nstatus 1 tee 0\n{hash}status 0 read 0\n"));
        foreach (var said in new[]
        {
            "", hash, $"status 0 read 0\nstatus 1 tee 0\n{hash}", $"pipeline 2\n{hash}", $"pipeline 2\nstatus 0 read 0\n{hash}", "pipeline 2\nstatus 1 tee 0\n",
            "pipeline 2\nstatus 0 read 0\nstatus 0 read 0\n", "pipeline 2\nstatus 0 read 0\nstatus 2 tee 0\n", "pipeline 2\nstatus 0 read 0\nstatus 1 tee x\n",
            "pipeline 2\nstatus 0 read 0\nstatus 1 tee 0\nstatus 1 tee 0\n", "pipeline x\nstatus 0 read 0\n",
        })
            Assert.False(ShellPipeline.IsComplete(said), said);
    }

    [Fact]
    public void A_program_that_writes_such_lines_itself_is_not_believed()
    {
        var (_, said) = Run([new("read", "cat"), new("own", $"echo 'pipeline 1' >&2; echo 'status 0 own 0' >&2; echo 'sha256 {new string('0', 64)}' >&2; cat; exit 7")], hashBehind: 1);
        Assert.Equal([("read", 0), ("tee", 0), ("own", 7)], ShellPipeline.Statuses(said));
        Assert.True(ShellPipeline.IsComplete(said));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Data)).ToLowerInvariant(), ShellPipeline.Hash(said));
        Assert.StartsWith("pipeline 1\nstatus 0 own 0\n", ShellPipeline.Words(said), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_is_64_digits()
    {
        Assert.Null(ShellPipeline.Hash($"pipeline 1\nsha256 {new string('g', 64)}"));
        Assert.Null(ShellPipeline.Hash($"pipeline 1\nsha256 {new string('a', 63)}"));
        Assert.Null(ShellPipeline.Hash($"sha256 {new string('a', 64)}"));
    }

    [Fact]
    public void A_command_whose_statuses_are_lost_has_not_succeeded()
    {
        var hash = new string('a', 64);
        var end = CommandEnd.Read($"pipeline 3\nstatus 0 tee 0\nstatus 2 sync 0\nsha256 {hash}\n--\nsize 5\n--\n");
        Assert.Contains("was killed", end.Complaint, StringComparison.Ordinal);
        Assert.Contains("was killed", end.ReadingComplaint, StringComparison.Ordinal);
        end = CommandEnd.Read($"pipeline 2\nstatus 0 read 0\nstatus 1 tee 0\n--\n--\n");
        Assert.Equal("sha256sum gave no hash", end.ReadingComplaint);
        Assert.Null(CommandEnd.Read($"pipeline 2\nstatus 0 read 0\nstatus 1 tee 0\nsha256 {hash}\n--\n--\n").ReadingComplaint);
    }

    private static (string Output, string Said) Run(IReadOnlyList<ShellStage> stages, int hashBehind)
    {
        var (_, output, errors) = Sh.Run($"exec 3>&1\n{ShellPipeline.Text(stages, hashBehind)}printf '%s\\n' \"$st\" >&2\n", Data);
        return (output, errors);
    }
}
