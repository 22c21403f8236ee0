using System.Collections;
using System.Reflection;

namespace LiveMigration.Module.Tests;

/// <summary>Every type that a cmdlet writes, and every record that hangs on one.</summary>
public sealed class OutputTypeTests : IDisposable
{
    /// <summary>What was asked for is kept as it was given, and compares: see <see cref="ValueTests.What_options_hold_compares_too"/>.</summary>
    private static readonly string[] Asked = ["MigrationOptions", "EvacuationOptions", "EvacuationPolicy", "FleetDescription", "LibvirtHost"];

    private static readonly string[] Units = ["ByteSize", "Bandwidth", "Duration"];

    private readonly Shell _shell = new();

    [Fact]
    public void No_output_has_a_value_that_PowerShell_cannot_compare()
    {
        var types = new HashSet<Type>();
        foreach (var type in Written())
            Collect(type, types);

        Assert.Contains(types, type => type.Name == "PlannedMove");
        Assert.Contains(types, type => type.Name == "MigrationProgress");
        Assert.Contains(types, type => type.Name == "EvacuationAttempt");
        Assert.Empty(types.SelectMany(type => Properties(type).Where(property => IsForeign(Element(property.PropertyType))).Select(property => $"{type.Name}.{property.Name}: {property.PropertyType.Name}")));
    }

    [Fact]
    public void Every_output_has_a_name_to_be_written_into_a_text()
    {
        foreach (var type in Written().Where(type => type.Name is "HostInfo" or "LibvirtDomain" or "DomainDisk"))
            Assert.True(type.GetMethod("ToString", Type.EmptyTypes)!.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null, type.Name);
    }

    public void Dispose() => _shell.Dispose();

    private Type[] Written() =>
        [.. _shell.Run("Get-Command -Module LiveMigration -CommandType Cmdlet | ForEach-Object { $_.OutputType.Type } | Sort-Object FullName -Unique").Clean.Select(type => (Type)type.BaseObject).Where(IsOurs)];

    private static void Collect(Type type, HashSet<Type> known)
    {
        if (!IsOurs(type) || type.IsEnum || Asked.Contains(type.Name) || !known.Add(type))
            return;
        foreach (var property in Properties(type))
            Collect(Element(property.PropertyType), known);
    }

    private static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>A unit of ours, or a number that PowerShell has no sign for.</summary>
    private static bool IsForeign(Type type) => Units.Contains(type.Name) || type == typeof(ulong) || type == typeof(uint);

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("LiveMigration", StringComparison.Ordinal) is true;

    private static Type Element(Type type) =>
        Nullable.GetUnderlyingType(type)
        ?? (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) && type.IsGenericType ? type.GetGenericArguments()[^1] : type);
}
