using System.Collections;
using System.Reflection;

namespace LiveMigration.Module.Tests;

/// <summary>Every type that a cmdlet writes, and every record that hangs on one.</summary>
public sealed class OutputTypeTests : IDisposable
{
    /// <summary>What was asked for is kept as it was given, and compares: see <see cref="ValueTests.What_options_hold_compares_too"/>.</summary>
    private static readonly string[] Asked = ["MigrationOptions", "EvacuationOptions", "EvacuationPolicy", "FleetDescription", "LibvirtHost"];

    private static readonly string[] Units = ["ByteSize", "Bandwidth", "Duration"];

    /// <summary>
    /// Numbers, times and dates that are never unknown: counted or measured here, asked for before the object was made, or part of a plan. A new
    /// one belongs here only if nothing can keep it from being known; otherwise it is null while it is not.
    /// </summary>
    private static readonly string[] Known =
    [
        "DeviceField.InstanceId", "DeviceField.Offset", "DeviceField.Size", "DirtyBitmap.Granularity",
        "DirtyCurve.Memory", "DirtyPoint.Dirtied", "DirtyPoint.Period", "DirtyRate.Time", "DomainStatus.ReasonCode", "EvacuatedDomain.Attempts", "EvacuationAttempt.StartTime", "EvacuationPlan.Bytes", "EvacuationPlan.LowerBound",
        "EvacuationPlan.Makespan", "EvacuationPlan.Waves", "FleetBalance.Duration", "FleetDomain.Disks", "FleetDomain.Memory", "FleetDomain.Priority", "FleetDomain.VCpus",
        "ForecastAccuracy.Converged", "ForecastAccuracy.Count", "ForecastAccuracy.FalselyPromised", "ForecastAccuracy.FalselyWarned", "ForecastAccuracy.NotComparable", "ForecastAccuracy.NotConverged", "ForecastAccuracy.WithoutForecast",
        "HostEvacuation.Left",
        "HostEvacuation.Moved", "HostEvacuation.PlannedTime", "HostEvacuation.StartTime", "HostEvacuation.Stayed", "HostEvacuation.Time", "HostEvacuation.Unclear",
        "HostInfo.Cpus", "HostInfo.Domains", "HostInfo.Memory", "HostInfo.RunningDomains", "HostMaintenance.Since",
        "LibvirtSaveHeader.StreamOffset", "LibvirtSaveHeader.Version",
        "MigrationCertificate.NotAfter", "MigrationCertificate.NotBefore",
        "MigrationDowntime.Limit", "MigrationForecast.Bandwidth", "MigrationForecast.MaxDowntime", "MigrationForecast.NeededBandwidth", "MigrationForecast.NeededThrottle",
        "MigrationForecast.Probability", "MigrationPrediction.Bandwidth", "MigrationPrediction.MaxDowntime", "MigrationPrediction.Probability", "MigrationProgress.Elapsed", "MigrationProgress.Percent", "MigrationRecord.StartTime", "MigrationRecord.TotalTime", "MigrationResult.StartTime", "MigrationResult.TotalTime", "MigrationRun.StartTime",
        "MigrationStream.Memory", "MigrationStream.PageSize", "MigrationStream.StreamLength",
        "PlannedMove.Bytes", "PlannedMove.End", "PlannedMove.Start", "PlannedMove.Time", "PlannedMove.Wave",
        "QemuMigrationRecord.ProcessId", "QemuMigrationRecord.StartTime", "QemuMigrationRecord.Time",
        "RamBlock.Compressed", "RamBlock.Length", "RamBlock.Normal", "RamBlock.Xbzrle", "RamBlock.Zero",
        "ReadinessReport.Took", "ReadinessReport.When", "SavedState.SaveTime", "SharedPool.Available",
        "StreamCommand.Count", "StreamCommand.Offset", "StreamDamage.Offset", "StreamSection.Id", "StreamSection.InstanceId", "StreamSection.Length",
        "StreamSection.Offset", "StreamSection.Parts", "StreamSection.Version",
    ];

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
    public void What_may_not_be_known_can_be_null()
    {
        var types = new HashSet<Type>();
        foreach (var type in Written())
            Collect(type, types);

        Assert.Equal(Known, types.SelectMany(type => Properties(type).Where(property => IsQuantity(property.PropertyType)).Select(property => $"{type.Name}.{property.Name}")).Order(StringComparer.Ordinal));

        static bool IsQuantity(Type type) => type.IsValueType && !type.IsEnum && type != typeof(bool) && type != typeof(Guid) && Nullable.GetUnderlyingType(type) is null && type.Namespace == "System";
    }

    [Fact]
    public void Every_output_has_a_name_to_be_written_into_a_text()
    {
        foreach (var type in Written().Where(type => type.Name is "HostInfo" or "LibvirtDomain" or "DomainDisk"))
            Assert.True(type.GetMethod("ToString", Type.EmptyTypes)!.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null, type.Name);
    }

    /// <summary>A host is named by the name under which it was connected, wherever it is named.</summary>
    [Fact]
    public void Hosts_are_texts_under_one_name_everywhere()
    {
        var types = Written();

        Assert.Contains(types, type => type.GetProperty("Destination") is not null);
        Assert.All(types.SelectMany(Properties).Where(property => property.Name is "HostName" or "Source" or "Destination"), property => Assert.Equal(typeof(string), property.PropertyType));
        Assert.Equal("a a a", Assert.Single(_shell.Run($"{TestHosts.Connect}; \"$((Get-LibvirtHost a).HostName) $((Get-LibvirtHost a).Name) $((Get-LibvirtDomain web1).HostName)\"; {TestHosts.Disconnect}").Clean).ToString());
    }

    /// <summary>Export-Csv writes the text of a value, and that of an array is the name of its type.</summary>
    [Fact]
    public void A_list_is_its_items_as_a_text()
    {
        var types = new HashSet<Type>();
        foreach (var type in Written())
            Collect(type, types);
        var lists = types.SelectMany(type => Properties(type).Where(IsList).Where(property => property.CanWrite)).ToArray();

        Assert.Contains(lists, list => list.Name == "Disks");
        Assert.Empty(lists.Where(list => Read(list).ToString()!.Contains("LiveMigration", StringComparison.Ordinal) || Read(list).ToString()!.Contains("[]", StringComparison.Ordinal))
            .Select(list => $"{list.DeclaringType!.Name}.{list.Name}: {Read(list)}"));
        Assert.DoesNotContain(lists.Select(list => Element(list.PropertyType)).Where(IsOurs), item => item.GetMethod("ToString", Type.EmptyTypes)!.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is not null);

        static bool IsList(PropertyInfo property) => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

        static object Read(PropertyInfo list)
        {
            var made = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(list.DeclaringType!);
            list.SetValue(made, Array.CreateInstance(Element(list.PropertyType), 0));
            return list.GetValue(made)!;
        }
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
