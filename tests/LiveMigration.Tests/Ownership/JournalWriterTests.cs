using System.Diagnostics;
using LiveMigration.Ownership;

namespace LiveMigration.Tests.Ownership;

public sealed class JournalWriterTests
{
    [Fact]
    public void This_process_lives_and_is_told_from_another_of_the_same_number()
    {
        var self = JournalWriter.Self;
        Assert.True(self.Lives);
        Assert.Equal(self, JournalWriter.Self);
        Assert.False((self with { ProcessStart = self.ProcessStart ^ (1L << 45) }).Lives); // of another start of the machine
        Assert.False((self with { ProcessStart = self.ProcessStart + TimeSpan.FromMinutes(1).Ticks }).Lives);
        Assert.False(new JournalWriter(-1, 0).Lives);
    }

    [Fact]
    public void A_process_that_has_ended_lives_no_more()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        var writer = new JournalWriter(process.Id, 0);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.False(writer.Lives);
    }

    /// <summary>A home folder may be on several machines: an entry of another one is nobody's here.</summary>
    [Fact]
    public void What_another_machine_wrote_is_not_seen()
    {
        var journal = new JournalFolder($"test-{Guid.NewGuid():n}");
        var key = Guid.NewGuid();
        journal.Write(key, "ours");
        var folder = Directory.GetParent(Directory.GetFiles(StateFolder.Of("."), $"{key}.entry", SearchOption.AllDirectories).Single())!;
        var other = folder.Parent!.CreateSubdirectory("another-machine");
        File.WriteAllText(Path.Combine(other.FullName, $"{Guid.NewGuid()}.entry"), "theirs");
        Assert.Equal(["ours"], journal.Lines());
        journal.Write(key, "ours again");
        Assert.Equal(["ours again"], journal.Lines());
        Assert.Equal([$"{key}.entry"], folder.GetFiles().Select(file => file.Name));
        journal.Remove(key);
        Assert.Empty(journal.Lines());
        folder.Parent.Delete(recursive: true);
    }
}
