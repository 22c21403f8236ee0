using System.Reflection;

namespace LiveMigration.Errors;

public static partial class Faults
{
    private static readonly Lazy<Dictionary<string, Fault>> ById = new(() => typeof(Faults)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null)).OfType<Fault>()
        .ToDictionary(fault => fault.Id));

    /// <summary>The fault of that id, which a journal holds; null when this version has none.</summary>
    internal static Fault? Find(string? id) => id is null ? null : ById.Value.GetValueOrDefault(id);
}
