using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.State;

namespace LiveMigration.Hosts.Maintenance;

/// <summary>
/// Where a host keeps its maintenance: the description of a secret that has no value. libvirt stores it on the host, shows it to every user of every client,
/// and has nothing else that holds a text without being a VM, a network or storage.
/// </summary>
internal static class MaintenanceMark
{
    /// <summary>The UUID of the secret, on every host.</summary>
    internal static readonly Guid Uuid = new("5b0c7e7a-3d5e-4c83-9f0a-6d61696e7431");

    private const string Kind = "maintenance";
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>The maintenance of a host; null where there is none. A host whose libvirt has no secrets at all has none.</summary>
    /// <exception cref="LibvirtException">The host does not tell, or its daemon for secrets does not run.</exception>
    internal static HostMaintenance? Read(Connection connection, string host)
    {
        try
        {
            using var secret = NativeSecret.Find(connection, Uuid);
            return secret is null ? null : Read(host, secret.GetXml());
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.NoSecret)
        {
            return null;
        }
    }

    /// <summary>The same, and null where the host does not tell: what else it is and has does not depend on it.</summary>
    internal static HostMaintenance? TryRead(Connection connection, string host)
    {
        try
        {
            return Read(connection, host);
        }
        catch (LibvirtException)
        {
            return null;
        }
    }

    /// <summary>Writes the maintenance of a host down there, in the place of what was written before; what others read of it.</summary>
    internal static HostMaintenance Write(Connection connection, StateStore state, HostMaintenance maintenance)
    {
        var xml = Write(state, maintenance);
        using var secret = NativeSecret.Define(connection, xml);
        return Read(maintenance.HostName, xml);
    }

    /// <summary>Ends the maintenance of a host.</summary>
    internal static void Remove(Connection connection)
    {
        using var secret = NativeSecret.Find(connection, Uuid);
        secret?.Undefine();
    }

    /// <summary>The definition of the secret. Its description is a record as the state folder has them, so that a mark that was altered is noticed.</summary>
    internal static string Write(StateStore state, HostMaintenance maintenance)
    {
        var record = new StateRecord(Kind, state.Now, state.Self, new RecordFields(
        [
            ("state", maintenance.State.ToString()),
            ("since", Text(maintenance.Since)),
            ("until", maintenance.Until is { } until ? Text(until) : null),
            ("reason", Shown(maintenance.Reason)),
            ("by", Shown(maintenance.By)),
            ("token", maintenance.Token),
            ("evacuations", FieldValue.List(maintenance.Evacuations)),
            ("uuids", FieldValue.List(maintenance.Domains.Select(domain => domain.Uuid.ToString()))),
            ("names", FieldValue.List(maintenance.Domains.Select(domain => Shown(domain.Name)!))),
        ]));
        return new XElement(
            "secret",
            new XAttribute("ephemeral", "no"),
            new XAttribute("private", "no"),
            new XElement("uuid", Uuid),
            new XElement("description", Encoding.UTF8.GetString(RecordLine.Write(record, number: null)).TrimEnd('\n'))).ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>What a mark says. One that cannot be read is a maintenance all the same: somebody wanted no VMs there.</summary>
    internal static HostMaintenance Read(string host, string xml)
    {
        var line = RecordLine.Read(Encoding.UTF8.GetBytes(XElement.Parse(xml).Element("description")?.Value ?? ""));
        if (line.Record is not { Kind: Kind } record)
            return new HostMaintenance { HostName = host, Problem = $"but its mark, the secret {Uuid}, {line.Problem ?? "is of another kind"}" };
        var names = record.Fields.Items("names");
        return new HostMaintenance
        {
            HostName = host,
            State = record.Fields["state"] == nameof(HostMaintenanceState.Leaving) ? HostMaintenanceState.Leaving : HostMaintenanceState.InMaintenance,
            Since = Time(record.Fields["since"]) ?? record.Time,
            Until = Time(record.Fields["until"]),
            Reason = Shown(record.Fields["reason"]),
            By = Shown(record.Fields["by"]),
            Token = record.Fields.Id("token") ?? default,
            Evacuations = [.. record.Fields.Items("evacuations").Select(id => Shown(id)!)],
            Domains =
            [
                .. record.Fields.Items("uuids").Select((text, at) => Guid.TryParse(text, out var uuid) ? new HostedDomain(uuid, Shown(names.ElementAtOrDefault(at)) ?? text) : null)
                    .OfType<HostedDomain>(),
            ],
        };
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>A text without what XML cannot hold, or what would command the terminal that shows it, or turn its text around.</summary>
    private static string? Shown(string? text) => text is null ? null : string.Concat(text.EnumerateRunes().Select(rune => IsPlain(rune) ? rune.ToString() : "?"));

    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value));
}
