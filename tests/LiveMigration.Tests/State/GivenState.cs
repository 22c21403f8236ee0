using LiveMigration.State;
using Microsoft.Extensions.Time.Testing;

namespace LiveMigration.Tests.State;

/// <summary>A store of a test's own, at noon on the last day of 2026.</summary>
internal sealed class GivenState : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-state-");

    public GivenState() => Store = Of(RecordWriter.ThisProcess());

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 12, 31, 12, 0, 0, TimeSpan.Zero));

    public string Folder => Path.Combine(_folder.FullName, "livemigration");

    public StateStore Store { get; }

    /// <summary>The same store, as a process of this machine has it that has ended since.</summary>
    public StateStore Dead => Of(Store.Self with { Started = Store.Self.Started - 1 });

    /// <summary>The same store, as another process has it.</summary>
    public StateStore Of(RecordWriter writer) => new(Folder, writer, Clock);

    public void Dispose() => _folder.Delete(recursive: true);
}
