using System.Xml.Linq;

namespace LiveMigration.Readiness.Grammar;

/// <summary>Where a part of a definition stands: <c>/domain/devices/disk/source/@file</c>.</summary>
internal static class GrammarPath
{
    private const string Own = "http://libvirt.org/schemas/domain/";

    internal static string Of(XElement element) => $"{(element.Parent is { } parent ? Of(parent) : "")}/{Name(element.Name)}";

    internal static string Of(XAttribute attribute) => $"{Of(attribute.Parent!)}/@{Name(attribute.Name)}";

    /// <summary>With libvirt's usual prefix: that of <c>http://libvirt.org/schemas/domain/qemu/1.0</c> is <c>qemu</c>.</summary>
    internal static string Name(XName name) => Prefix(name.NamespaceName) is { Length: > 0 } prefix ? $"{prefix}:{name.LocalName}" : name.LocalName;

    /// <summary>The element so many steps up; an attribute is one step below its element.</summary>
    internal static XElement Above(XObject part, int steps)
    {
        for (; steps > 0; steps--)
            part = part.Parent!;
        return (XElement)part;
    }

    /// <summary>An attribute's value, or the text of an element without that of its children.</summary>
    internal static string ValueOf(XObject part) => part is XAttribute attribute
        ? attribute.Value
        : string.Concat(((XElement)part).Nodes().OfType<XText>().Select(text => text.Value)).Trim();

    private static string Prefix(string @namespace) =>
        @namespace.StartsWith(Own, StringComparison.Ordinal) ? @namespace[Own.Length..].Split('/')[0] : @namespace;
}
