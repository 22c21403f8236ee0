using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>
/// What tests say to QEMU, once to a real one and once to the recording of it. Only what comes in the same order each time.
/// </summary>
internal sealed record Conversation(string Monitor, Func<QmpClient, Task> Talk)
{
    private const string Socket = "-qmp unix:{0},server=on,wait=off";
    private const string Chardev = "-chardev socket,id=c,path={0},server=on,wait=off";

    internal static readonly Dictionary<string, Conversation> All = new()
    {
        ["status"] = new(Socket, StatusAsync),
        ["errors"] = new(Socket, ErrorsAsync),
        ["migration"] = new(Socket, MigrationAsync),
        ["quit"] = new(Socket, QuitAsync),
        ["pretty"] = new($"{Chardev} -mon chardev=c,mode=control,pretty=on", StatusAsync),
        ["mux"] = new($"{Chardev},mux=on -mon chardev=c,mode=control", StatusAsync),
    };

    private static async Task StatusAsync(QmpClient monitor)
    {
        Assert.True(monitor.SupportsOutOfBand);
        Assert.Equal(monitor.QemuVersion, await monitor.QueryVersionAsync());
        using var events = monitor.Listen();
        Assert.Equal(new VmStatus(true, "running"), await monitor.QueryStatusAsync());
        Assert.Empty((await monitor.ExecuteAsync("stop")).EnumerateObject());
        Assert.Equal(new VmStatus(false, "paused"), await monitor.QueryStatusAsync());
        await monitor.ExecuteAsync("cont");
        await using var heard = events.GetAsyncEnumerator();
        foreach (var name in (string[])["STOP", "RESUME"])
        {
            Assert.True(await heard.MoveNextAsync());
            Assert.Equal((name, 0, JsonValueKind.Undefined), (heard.Current.Name, heard.Current.LostBefore, heard.Current.Data.ValueKind));
            Assert.True(heard.Current.Time > new DateTime(2020, 1, 1));
        }
    }

    private static async Task ErrorsAsync(QmpClient monitor)
    {
        await Refuses("nosuch", null, "CommandNotFound", Faults.QemuCommandNotFound);
        await Refuses("qmp_capabilities", null, "CommandNotFound", Faults.QemuCommandNotFound);
        await Refuses("query-status", new() { ["a"] = 1 }, "GenericError", Faults.QemuArgumentInvalid);
        await Refuses("migrate", null, "GenericError", Faults.QemuArgumentInvalid);
        await Refuses("migrate", new() { ["uri"] = "nosuch:1" }, "GenericError", Faults.QemuArgumentInvalid);
        await Refuses("migrate-set-parameters", new() { ["max-bandwidth"] = "fast" }, "GenericError", Faults.QemuArgumentInvalid);
        await Refuses("migrate-set-parameters", new() { ["downtime-limit"] = 99999999 }, "GenericError", Faults.QemuArgumentInvalid);
        await Refuses("migrate-set-capabilities", Capabilities("nosuch"), "GenericError", Faults.QemuArgumentInvalid);
        await Refuses("migrate-start-postcopy", null, "GenericError", Faults.QemuStateWrong);
        await Refuses("migrate-pause", null, "GenericError", Faults.QemuStateWrong);
        await Refuses("migrate-continue", new() { ["state"] = "pre-switchover" }, "GenericError", Faults.QemuStateWrong);
        await Refuses("migrate-incoming", new() { ["uri"] = "tcp:0:1" }, "GenericError", Faults.QemuStateWrong);
        await Refuses("device_del", new() { ["id"] = "nosuch" }, "DeviceNotFound", Faults.QemuDeviceNotFound);
        await Refuses("block-job-cancel", new() { ["device"] = "nosuch" }, "DeviceNotActive", Faults.QemuStateWrong);
        await Refuses("balloon", new() { ["value"] = 1 }, "DeviceNotActive", Faults.QemuStateWrong);
        await Refuses("pmemsave", new() { ["val"] = 0, ["size"] = 1, ["filename"] = "/nosuch/file" }, "GenericError", Faults.QemuFailed);
        var early = await Assert.ThrowsAsync<QmpException>(() => monitor.ExecuteOutOfBandAsync("query-status"));
        Assert.Equal(Faults.NotSupported, early.Fault);
        Assert.Equal(new VmStatus(true, "running"), await monitor.QueryStatusAsync());

        async Task Refuses(string command, JsonObject? arguments, string errorClass, Fault fault)
        {
            var error = await Assert.ThrowsAsync<QmpException>(() => monitor.ExecuteAsync(command, arguments));
            Assert.Equal((command, errorClass, fault), (error.Command, error.ErrorClass, error.Fault));
            Assert.Contains(error.Description.TrimEnd('.'), error.Message, StringComparison.Ordinal);
            Assert.StartsWith($"recorded: {command}: ", error.Message, StringComparison.Ordinal);
        }
    }

    private static async Task MigrationAsync(QmpClient monitor)
    {
        using var events = monitor.Listen();
        await monitor.ExecuteAsync("migrate-set-capabilities", Capabilities("events"));
        await monitor.ExecuteAsync("query-migrate-capabilities");
        await monitor.ExecuteAsync(
            "migrate-set-parameters", new() { ["max-bandwidth"] = 100L << 20, ["downtime-limit"] = 500, ["tls-hostname"] = "ü" });
        var parameters = await monitor.ExecuteAsync("query-migrate-parameters");
        Assert.Equal(104857600, parameters.GetProperty("max-bandwidth").GetInt64());
        Assert.Equal("ü", parameters.GetProperty("tls-hostname").GetString());
        await monitor.ExecuteAsync("migrate", new() { ["uri"] = "exec:cat >/dev/null" });
        var course = new List<string>();
        await foreach (var happened in events)
        {
            if (happened.Name == "MIGRATION_PASS")
                Assert.True(happened.Data.GetProperty("pass").GetInt32() > 0);
            course.Add(happened.Name == "MIGRATION" ? happened.Data.GetProperty("status").GetString()! : happened.Name);
            if (course[^1] is "completed" or "failed")
                break;
        }

        // Newer ones tell of the devices as well.
        Assert.Equal(["setup", "active", "STOP", "completed"], course.Where(name => name is not ("MIGRATION_PASS" or "device")));
        var result = await monitor.ExecuteAsync("query-migrate");
        Assert.Equal("completed", result.GetProperty("status").GetString());
        Assert.True(result.GetProperty("ram").GetProperty("total").GetInt64() > 16 << 20);
        Assert.Equal(new VmStatus(false, "postmigrate"), await monitor.QueryStatusAsync());
    }

    private static async Task QuitAsync(QmpClient monitor)
    {
        using var events = monitor.Listen();
        await monitor.ExecuteAsync("quit");
        await using var heard = events.GetAsyncEnumerator();
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal(("SHUTDOWN", "host-qmp-quit"), (heard.Current.Name, heard.Current.Data.GetProperty("reason").GetString()));
        await RealQemu.Fails(Faults.MonitorLost, () => heard.MoveNextAsync().AsTask());
        Assert.False(monitor.IsConnected);
        await RealQemu.Fails(Faults.MonitorLost, () => monitor.QueryStatusAsync());
    }

    private static JsonObject Capabilities(string name) => new()
    {
        ["capabilities"] = new JsonArray(new JsonObject { ["capability"] = name, ["state"] = true }),
    };
}
