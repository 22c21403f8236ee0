using System.Xml.Linq;

namespace LiveMigration.Domains;

/// <summary>With what QEMU encrypts an image, as far as libvirt can create another one like it: LUKS, with one secret.</summary>
/// <param name="Kind">The kind of the secret.</param>
/// <param name="Uuid">The secret's UUID; null where it is named by its usage.</param>
/// <param name="Usage">What it is for; null where it is named by its UUID.</param>
internal sealed record DiskEncryption(string Kind, string? Uuid, string? Usage)
{
    /// <summary>Null for an image that is not encrypted, or in another way.</summary>
    internal static DiskEncryption? Of(XElement disk) => Element(disk) is { } encryption && (string?)encryption.Attribute("format") is "luks" && encryption.Elements("secret").ToArray() is [var secret]
        && new DiskEncryption((string?)secret.Attribute("type") ?? "passphrase", (string?)secret.Attribute("uuid"), (string?)secret.Attribute("usage")) is { } found && (found.Uuid ?? found.Usage) is not null
            ? found : null;

    internal static XElement? Element(XElement disk) => disk.Element("source")?.Element("encryption") ?? disk.Element("encryption");

    /// <summary>As the definition of a volume has it.</summary>
    internal XElement ToXml() => new(
        "encryption", new XAttribute("format", "luks"), new XElement("secret", new XAttribute("type", Kind), Uuid is null ? new XAttribute("usage", Usage!) : new XAttribute("uuid", Uuid)));
}
