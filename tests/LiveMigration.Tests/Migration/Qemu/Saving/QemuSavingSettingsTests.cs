using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.Tests.Interop.Qmp;

namespace LiveMigration.Tests.Migration.Qemu.Saving;

public sealed class QemuSavingSettingsTests
{
    [Fact]
    public async Task A_setting_that_is_refused_does_not_keep_the_others_from_being_put_back()
    {
        var settings = new QemuSavingSettings(
            new Dictionary<string, bool>(), new Dictionary<string, object>(), new Dictionary<string, bool> { ["xbzrle"] = true, ["gone"] = true },
            new Dictionary<string, object> { ["max-bandwidth"] = 1L, ["tls-creds"] = "tls0" });
        var qemu = new ScriptedTransport();
        await using var monitor = await QmpClient.StartAsync(qemu, QmpOptions.Default, default);
        var back = settings.PutBackAsync(monitor, default);
        var heard = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            var command = await qemu.HearAsync();
            var text = command.GetProperty("arguments").GetRawText();
            heard.Add(text);
            if (text.Contains("gone", StringComparison.Ordinal) || text.Contains("max-bandwidth", StringComparison.Ordinal))
                qemu.Say($$$"""{"error": {"class": "GenericError", "desc": "No."}, "id": {{{command.GetProperty("id")}}}}""");
            else
                qemu.Answer(command);
        }

        Assert.Equal(["max-bandwidth=1 (No)", "gone=on (No)"], await back);
        Assert.Contains(heard, text => text.Contains("tls0", StringComparison.Ordinal));
        Assert.Contains(heard, text => text.Contains("xbzrle", StringComparison.Ordinal) && !text.Contains("gone", StringComparison.Ordinal));
    }
}
