using System.Xml.Linq;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.State;

namespace LiveMigration.Tests.Hosts;

/// <summary>V6: what a host keeps of its maintenance.</summary>
public sealed class MaintenanceMarkTests
{
    private static readonly StateStore Store = new(Path.Combine(Path.GetTempPath(), $"livemigration-{Guid.NewGuid():n}"));

    private static readonly HostMaintenance Full = new()
    {
        HostName = "a",
        State = HostMaintenanceState.Leaving,
        Since = new(2026, 11, 29, 9, 30, 0, TimeSpan.Zero),
        Until = new(2026, 11, 29, 11, 0, 0, TimeSpan.Zero),
        Reason = "BIOS <1.2> & \"more\", für rack 9",
        By = "root@admin",
        Token = Guid.NewGuid(),
        Evacuations = ["20261129-093000-1f3a", "20261129-100000-2b4c"],
        Domains = [new(Guid.Parse("11111111-2222-3333-4444-555555555555"), "web1"), new(Guid.NewGuid(), "db <1>")],
    };

    [Fact]
    public void What_is_written_is_read()
    {
        var read = MaintenanceMark.Read("a", MaintenanceMark.Write(Store, Full));

        Assert.Equal((Full.HostName, Full.State, Full.Since, Full.Until, Full.Reason, Full.By, Full.Token), (read.HostName, read.State, read.Since, read.Until, read.Reason, read.By, read.Token));
        Assert.Equal(Full.Domains, read.Domains);
        Assert.Equal(Full.Evacuations, read.Evacuations);
    }

    [Fact]
    public void What_nobody_said_is_not_known()
    {
        var read = MaintenanceMark.Read("a", MaintenanceMark.Write(Store, new HostMaintenance { HostName = "b", Since = Full.Since }));

        Assert.Equal(("a", HostMaintenanceState.InMaintenance, null, null, null), (read.HostName, read.State, read.Until, read.Reason, read.By));
        Assert.Empty(read.Domains);
        Assert.Empty(read.Evacuations);
    }

    [Theory]
    [InlineData("<secret/>")]
    [InlineData("<secret><description/></secret>")]
    [InlineData("<secret><description>somebody's own</description></secret>")]
    [InlineData("<secret><description>{\"v\":1,\"kind\":\"maintenance\",\"sum\":\"0000000000000000\"}</description></secret>")]
    public void A_mark_that_cannot_be_read_keeps_VMs_away(string xml)
    {
        var read = MaintenanceMark.Read("a", xml);

        Assert.Equal(HostMaintenanceState.InMaintenance, read.State);
        Assert.Contains($"{MaintenanceMark.Uuid}", read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_that_was_altered_is_not_believed()
    {
        var altered = MaintenanceMark.Write(Store, Full).Replace("Leaving", "leaving", StringComparison.Ordinal);

        Assert.Contains("altered", MaintenanceMark.Read("a", altered).Problem, StringComparison.Ordinal);
    }

    /// <summary>A user who may write to the host writes what others see in their terminals.</summary>
    [Theory]
    [InlineData("\u001b[31mred", "?[31mred")]
    [InlineData("a\0b\r\nc", "a?b??c")]
    [InlineData("a\uffffb", "a?b")]
    [InlineData("a\u202eb\u2028c", "a?b?c")]
    public void Nothing_in_a_text_commands_a_terminal_or_breaks_the_mark(string reason, string shown)
    {
        var xml = MaintenanceMark.Write(Store, Full with { Reason = reason });

        Assert.NotNull(XElement.Parse(xml));
        Assert.Equal(shown, MaintenanceMark.Read("a", xml).Reason);
    }

    [Fact]
    public void The_secret_is_stored_on_the_host_and_has_the_same_UUID_everywhere()
    {
        var secret = XElement.Parse(MaintenanceMark.Write(Store, Full));

        Assert.Equal(("no", $"{MaintenanceMark.Uuid}"), ((string?)secret.Attribute("ephemeral"), secret.Element("uuid")?.Value));
        Assert.Null(secret.Element("usage"));
    }
}
