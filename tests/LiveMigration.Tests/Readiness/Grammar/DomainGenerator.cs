using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using LiveMigration.Readiness.Grammar;

namespace LiveMigration.Tests.Readiness.Grammar;

/// <summary>Random definitions: a real one, and some of all that the grammar allows beside it.</summary>
internal static class DomainGenerator
{
    /// <summary>What no host has, in the forms of a name, a file, and a file in a pool that both hosts have.</summary>
    public const string Missing = "missing";

    private static readonly string[] Values =
    [
        Missing, $"/{Missing}/file", $"/var/lib/libvirt/shared/{Missing}.img", $"/dev/{Missing}", "virtual", "shared", "yes", "no", "auto", "on", "none", "custom", "qcow2",
        "", "0", "1", "-1", "7", "0-3,^2", "4294967296", "18446744073709551615", "0x10", "10.0.0.1", "::", "vda", "/dev/null", "/var/lib/libvirt/shared/rec-vda.qcow2",
        "5a7e1a1c-0000-4000-8000-000000000001", "ünï 'c' \"d\" <e> &", "  ", "//", "tcp", "unix", "file", "block", "network", "volume", "bridge", "vhostuser", "hostdev", "host-passthrough", "maximum",
    ];

    /// <summary>Without which libvirt would not take the part: an attribute of an element above it.</summary>
    private static readonly (string Path, string Element, string Attribute, string Value)[] Companions =
    [
        ("/domain/devices/disk/source/@file", "disk", "type", "file"),
        ("/domain/devices/disk/source/@dev", "disk", "type", "block"),
        ("/domain/devices/disk/source/@dir", "disk", "type", "dir"),
        ("/domain/devices/disk/source/@pool", "disk", "type", "volume"),
        ("/domain/devices/disk/source/@volume", "disk", "type", "volume"),
        ("/domain/devices/disk/source/@protocol", "disk", "type", "network"),
        ("/domain/devices/interface/source/@network", "interface", "type", "network"),
        ("/domain/devices/interface/source/@bridge", "interface", "type", "bridge"),
        ("/domain/devices/interface/source/@portgroup", "source", "network", "virtual"),
        ("/domain/devices/tpm/backend/encryption/@secret", "backend", "type", "emulator"),
    ];

    /// <summary>Elements with a text beside their attributes; others have it where they have nothing else.</summary>
    private static readonly string[] Texts = ["/domain/os/loader", "/domain/os/nvram", "/domain/os/type", "/domain/os/acpi/table", "/domain/devices/rng/backend", "/domain/vcpu"];

    private static readonly string[] Grammar = Tests.Recorded.Text("domain-grammar.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static readonly HashSet<string> Parents = [.. Grammar.Select(path => path[..path.LastIndexOf('/')])];

    /// <summary>By row, the paths about which it may decide: a row of few is as likely as a row of many.</summary>
    private static readonly string[][] Paths =
    [
        .. Grammar
            .Where(path => path.Count(letter => letter == '/') > 1 && !path.Contains('*', StringComparison.Ordinal))
            .SelectMany(path => GrammarTable.Of(path).Select(row => (path, row)))
            .GroupBy(one => one.row, one => one.path).Select(paths => paths.ToArray()),
    ];

    /// <summary>The definition with up to eight parts more.</summary>
    public static Gen<GeneratedDomain> Of(XElement definition) =>
        from count in Gen.Choose(1, 8)
        from parts in Part.ListOf(count)
        select new GeneratedDomain(Add(definition, parts), string.Join('\n', parts));

    private static Gen<(string Path, string Value, bool Apart)> Part =>
        from paths in Gen.Elements(Paths)
        from path in Gen.Elements(paths)
        from value in Gen.Elements(Values)
        from apart in Gen.Elements(true, false)
        select (path, value, apart);

    private static XElement Add(XElement definition, IEnumerable<(string Path, string Value, bool Apart)> parts)
    {
        var domain = new XElement(definition);
        foreach (var (path, value, apart) in parts)
        {
            var element = domain;
            foreach (var (name, depth) in path.Split('/').Skip(2).Where(step => step[0] != '@').Select((step, index) => (Name(step), index)))
            {
                // A device of its own, or one more thing about one that is there.
                var there = apart && depth == 1 && path.StartsWith("/domain/devices/", StringComparison.Ordinal) ? null : element.Element(name);
                if (there is null)
                    element.Add(there = new XElement(name));
                element = there;
            }

            if (path.LastIndexOf('@') is > 0 and var at)
                element.SetAttributeValue(path[(at + 1)..], value);
            else if (Texts.Contains(path) || !Parents.Contains(path))
                element.Value = value;
            foreach (var companion in Companions.Where(one => one.Path == path))
                element.AncestorsAndSelf(companion.Element).First().SetAttributeValue(companion.Attribute, companion.Value);
        }

        return domain;
    }

    private static XName Name(string step) => step.Split(':') is [var prefix, var name] ? XName.Get(name, $"http://libvirt.org/schemas/domain/{prefix}/1.0") : step;
}

/// <summary>A definition, and what it has that the real one has not.</summary>
internal sealed record GeneratedDomain(XElement Xml, string Parts)
{
    public override string ToString() => Parts;
}
