using System.Reflection;
using System.Runtime.CompilerServices;

namespace LiveMigration.Module.Tests;

/// <summary>An object of a type of the core with every property set, as wide as things get on real hosts.</summary>
public static class Specimen
{
    /// <summary>As long as names of clouds get, and different only at the end.</summary>
    public const string DomainName = "production-frontend-europe-west-availability-zone-2-instance-0000001a";

    public const string HostName = "compute-07";

    public const string Sentence = "internal error: process exited while connecting to monitor: qemu-system-x86_64: -blockdev: Could not open "
        + "'/srv/images/web1.qcow2': No such file or directory, and this goes on for so long that no window is wide enough for it.";

    private const int Deepest = 4;

    /// <summary>One of a type, by its full name.</summary>
    public static object Of(string type) => Of(
        AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly.GetName().Name == "LiveMigration").Select(assembly => assembly.GetType(type)).First(found => found is not null)!, 0);

    private static object Of(Type type, int depth)
    {
        var made = RuntimeHelpers.GetUninitializedObject(type);
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (Value(field.FieldType, NameOf(field, type), depth) is { } value)
                    field.SetValue(made, value);
            }
        }

        return made;
    }

    /// <summary>A host's own name is that of a host, not of a VM, and a check has an id of its own.</summary>
    private static string NameOf(FieldInfo field, Type type)
    {
        var name = field.Name.TrimStart('<').Split('>')[0].TrimStart('_');
        name = char.ToUpperInvariant(name[0]) + name[1..];
        return (type.Name, name) switch { ("LibvirtHost", "Name") or ("MigratingGuest", "Host") => "HostName", ("QemuFacts", "State") => "QemuState", ("ReadinessFinding", "Id") => "CheckId", _ => name };
    }

    private static object? Value(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return Text(name);
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().MaxBy(value => value.ToString()!.Length);
        if (type == typeof(bool))
            return true;
        if (type == typeof(Guid))
            return Guid.Parse("6695eb01-f6a4-8304-79aa-97f2502e1193");
        if (type == typeof(TimeSpan))
            return TimeSpan.FromMilliseconds(83_700);
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 12, 31, 22, 59, 0, TimeSpan.Zero);
        if (type == typeof(DateTime))
            return new DateTime(2026, 12, 31);
        if (type == typeof(Version))
            return new Version(10, 0, 2);
        if (type == typeof(int))
            return name is "Percent" ? 100 : name is "Wave" or "Attempts" ? 12 : 128;
        if (type == typeof(double))
            return name.Contains("Share", StringComparison.Ordinal) ? 0.123 : 123.4;
        // What holds a connection's pointers has none here.
        if (type == typeof(nint) || type.Namespace?.Contains(".Interop", StringComparison.Ordinal) == true)
            return null;
        if (type.IsPrimitive)
            return Convert.ChangeType(type == typeof(long) || type == typeof(ulong) ? 107_374_182_400 : 100, type, null);
        if (Item(type) is { } item)
            return Several(item, name, depth);
        if (type.FullName == "LiveMigration.Units.HostUri")
            return type.GetMethod("Parse")!.Invoke(null, ["qemu+ssh://root@compute-07.cloud.example.org/system"]);
        return depth < Deepest && type.Namespace?.StartsWith("LiveMigration", StringComparison.Ordinal) == true && !type.IsAbstract ? Of(type, depth + 1) : null;
    }

    private static Type? Item(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static Array Several(Type item, string name, int depth)
    {
        var made = Value(item, name.TrimEnd('s'), depth) is { } value ? new[] { value, value } : [];
        var several = Array.CreateInstance(item, made.Length);
        Array.Copy(made, several, made.Length);
        return several;
    }

    private static string Text(string name) => name switch
    {
        "Name" or "Domain" or "DomainName" or "FinalName" => DomainName,
        "HostName" or "Source" or "Destination" or "Alternative" => HostName,
        "Machine" => "pc-i440fx-10.0",
        "QemuState" => "guest-panicked",
        "Id" => "20261231-225900-1f3a",
        "CheckId" => "LM079",
        "Target" => "vda",
        "Device" => "cdrom",
        "Format" => "qcow2",
        "Parameter" => "x-vcpu-dirty-limit-period",
        "Capability" => "x-ignore-shared",
        "Text" or "DefaultText" => "1024 MiB/s",
        "SetWith" => "Set-MigrationBandwidth",
        "Hypervisor" => "QEMU",
        "Subject" => "vnet1",
        "Key" => "ECDSA 256",
        "Step" => "post-copy-refused",
        "Path" or "Backup" or "Written" or "Unchanged" or "Journal" => "/var/lib/libvirt/images/production/frontend/disk.qcow2",
        _ => Sentence,
    };
}
