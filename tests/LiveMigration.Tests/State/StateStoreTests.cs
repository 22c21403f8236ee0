using LiveMigration.Hosts;
using LiveMigration.State;

namespace LiveMigration.Tests.State;

public sealed class StateStoreTests : IDisposable
{
    private const UnixFileMode ForUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderForUser = ForUser | UnixFileMode.UserExecute;

    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void What_is_written_is_readable_by_its_user_alone()
    {
        _state.Store.Records("things", "thing").Write(Guid.NewGuid(), ("name", "a"));
        using (var log = _state.Store.Logs("logs", "line").TryOpen("one")!)
            log.Append(("name", "b"));

        Assert.Equal(3, Directory.GetFiles(_state.Folder, "*", SearchOption.AllDirectories).Length); // a record, a log, its lock
        Assert.All(Directory.GetFiles(_state.Folder, "*", SearchOption.AllDirectories), file => Assert.Equal(ForUser, ModeOf(file)));
        Assert.All(Directory.GetDirectories(_state.Folder, "*", SearchOption.AllDirectories).Append(_state.Folder), folder => Assert.Equal(FolderForUser, ModeOf(folder)));
    }

    [Fact]
    public void A_folder_that_others_may_enter_is_closed_with_the_next_record()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(_state.Folder);
        File.SetUnixFileMode(_state.Folder, FolderForUser | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        _state.Store.Records("things", "thing").Write(Guid.NewGuid());
        Assert.Equal(FolderForUser, ModeOf(_state.Folder));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    [Fact]
    public void Who_only_reads_makes_nothing()
    {
        Assert.Empty(_state.Store.Records("things", "thing").Read());
        _state.Store.Records("things", "thing").Remove(Guid.NewGuid());
        var logs = _state.Store.Logs("logs", "line");
        Assert.Empty(logs.Ids);
        Assert.False(logs.IsHeld("one"));
        Assert.False(logs.Remove("one"));
        Assert.ThrowsAny<IOException>(() => logs.Read("one"));
        Assert.False(Directory.Exists(_state.Folder));
    }

    [Fact]
    public void A_host_keeps_its_state_where_it_was_told_and_is_the_same_host_without_that()
    {
        var options = new HostOptions { State = _state.Store };
        using var host = new LibvirtHost("a", LiveMigration.Units.HostUri.Parse("qemu+ssh://a/system"), options);
        Assert.Same(_state.Store, host.State);
        Assert.True(host.IsLike(host.Uri, HostOptions.Default));
    }
}
