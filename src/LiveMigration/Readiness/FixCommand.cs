using System.Xml.Linq;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness;

/// <summary>Commands that fix something, as one would type them: they run in PowerShell and in a shell alike.</summary>
internal static class FixCommand
{
    internal static string Virsh(LibvirtHost host, params string[] words) =>
        $"virsh -c {Quote(host.Uri.Text)} {string.Join(' ', words.Select(Quote))}";

    internal static string Start(ReadinessFacts facts, string options) =>
        $"Start-VMLiveMigration {Quote(facts.Name)} -Destination {Quote(facts.Destination.Name)} {options}";

    /// <summary>Copies a file from the source to the same place on the destination.</summary>
    internal static string CopyFile(ReadinessFacts facts, string path) =>
        $"scp -3 -p {Quote($"{Login(facts.Source.Host)}:{path}")} {Quote($"{Login(facts.Destination.Host)}:{path}")}";

    /// <summary>
    /// A command for a shell of the host; it has no single quotes, which the two shells here write in two ways. Null where a name in it would mean
    /// something to a shell: names are what hosts and definitions say.
    /// </summary>
    internal static string? On(LibvirtHost host, FormattableString script) =>
        Plain(script) is { } plain ? $"ssh {Quote(Login(host))} {Literal(plain)}" : null;

    /// <summary>Takes a definition from the source and gives it to the destination.</summary>
    internal static string Copy(ReadinessFacts facts, string dump, string define, string name) =>
        $"{Virsh(facts.Source.Host, dump, name)} > {File(name)}; {Virsh(facts.Destination.Host, define, $"{name}.xml")}";

    /// <summary>Writes a checkpoint down and takes it out of libvirt's list; the bitmaps in the disks are kept.</summary>
    internal static string SaveCheckpoint(ReadinessFacts facts, string checkpoint) =>
        $"{Virsh(facts.Source.Host, "checkpoint-dumpxml", facts.Name, checkpoint)} > {File($"{facts.Name}-{checkpoint}")}; {Virsh(facts.Source.Host, "checkpoint-delete", facts.Name, checkpoint, "--metadata")}";

    /// <summary>Gives the VM another definition, one that it has in another view.</summary>
    internal static string Define(ReadinessFacts facts, string view) =>
        $"{Dump(facts, view)}; {Virsh(facts.Source.Host, "define", $"{facts.Name}.xml")}";

    /// <summary>Changes the definition with which the VM starts the next time, as sed does it; null where a name in it would mean something to a shell.</summary>
    internal static string? Redefine(ReadinessFacts facts, FormattableString change) => Plain(change) is { } plain
        ? $"{Dump(facts, "--inactive")}; sed -i \"{plain}\" {File(facts.Name)}; {Virsh(facts.Source.Host, "define", $"{facts.Name}.xml")}"
        : null;

    /// <summary>Takes the medium out of a drive.</summary>
    internal static string Eject(ReadinessFacts facts, string target) => Virsh(facts.Source.Host, "change-media", facts.Name, target, "--eject", "--force");

    /// <summary>Takes a device away from the running VM.</summary>
    internal static string? Detach(ReadinessFacts facts, XElement device) => Detach(
        facts,
        (string?)device.Element("alias")?.Attribute("name") is { } alias
            ? $"//{device.Name}[alias/@name='{alias}']"
            : (FormattableString)$"//{device.Name}[{device.ElementsBeforeSelf(device.Name).Count() + 1}]");

    /// <summary>Takes the device away that this XPath finds; null where a name in it would mean something to a shell.</summary>
    internal static string? Detach(ReadinessFacts facts, FormattableString device) => Plain(device) is { } plain
        ? $"{Virsh(facts.Source.Host, "dumpxml", facts.Name)} --xpath \"{plain}\" > device.xml; {Virsh(facts.Source.Host, "detach-device", facts.Name, "device.xml", "--live")}"
        : null;

    /// <summary>With the passwords in it: without, they would be gone.</summary>
    private static string Dump(ReadinessFacts facts, string view) =>
        $"{Virsh(facts.Source.Host, "dumpxml", facts.Name, view, "--security-info")} > {File(facts.Name)}";

    /// <summary>The text, if each of its arguments means the same in a shell's double quotes, and without them.</summary>
    private static string? Plain(FormattableString text) =>
        text.GetArguments().All(argument => $"{argument}".All(letter => char.IsLetterOrDigit(letter) || " -_./:,+@%=".Contains(letter, StringComparison.Ordinal)))
            ? FormattableString.Invariant(text)
            : null;

    private static string Login(LibvirtHost host)
    {
        var address = host.Uri.IsLocal ? "localhost" : host.Uri.Host.Trim('[', ']');
        return host.Uri is { Transport: "ssh", User: { } user } ? $"{user}@{address}" : address;
    }

    private static string File(string name) => Quote($"{name}.xml");

    /// <summary>Makes certificates for a host, and puts them where its libvirt and QEMU read them.</summary>
    internal static string Certify(LibvirtHost host, string more = "") =>
        $"New-MigrationCertificate {Quote(host.Name)} ./pki{more}; Install-MigrationCertificate ./pki {Quote(host.Name)}";

    /// <summary>Quoted always, as PowerShell wants it in a table.</summary>
    internal static string Literal(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Quoted only where it is needed.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:+".Contains(letter, StringComparison.Ordinal))
            ? word
            : Literal(word);
}
