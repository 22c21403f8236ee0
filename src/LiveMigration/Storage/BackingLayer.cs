namespace LiveMigration.Storage;

/// <summary>An image below another, as that one names it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Format">Its format.</param>
internal sealed record BackingLayer(string Path, string Format);
