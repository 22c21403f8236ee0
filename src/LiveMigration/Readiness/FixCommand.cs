using LiveMigration.Hosts;

namespace LiveMigration.Readiness;

/// <summary>Commands that mend, as one would type them: they run in PowerShell and in a shell alike.</summary>
internal static class FixCommand
{
    internal static string Virsh(LibvirtHost host, params string[] words) =>
        $"virsh -c {Quote(host.Uri.Text)} {string.Join(' ', words.Select(Quote))}";

    internal static string Start(ReadinessFacts facts, string options) =>
        $"Start-VMLiveMigration {Quote(facts.Name)} -Destination {Quote(facts.Destination.Name)} {options}";

    /// <summary>Takes a definition from the source and gives it to the destination.</summary>
    internal static string Copy(ReadinessFacts facts, string dump, string define, string name) =>
        $"{Virsh(facts.Source.Host, dump, name)} > {name}.xml; {Virsh(facts.Destination.Host, define)} {name}.xml";

    /// <summary>Quoted always, as PowerShell wants it in a table.</summary>
    internal static string Literal(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Quoted only where it is needed.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:+".Contains(letter, StringComparison.Ordinal))
            ? word
            : Literal(word);
}
