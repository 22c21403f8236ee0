using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>The same conversations with a real QEMU and with the recording of one.</summary>
public sealed class ConversationTests
{
    public static TheoryData<string> Names => [.. Conversation.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task As_recorded(string name)
    {
        await using var monitor = await QmpClient.StartAsync(new Recording.Replay(Recording.Read(name)), QmpOptions.Default, default);
        await Conversation.All[name].Talk(monitor);
    }

    [QemuTheory]
    [MemberData(nameof(Names))]
    [Trait("Category", "Lab")]
    public async Task With_a_real_one(string name)
    {
        var (options, talk) = Conversation.All[name];
        await using var qemu = RealQemu.Start(options);
        var transport = new Recording.Transport(await qemu.OnceItListensAsync(() => SocketTransport.ConnectAsync(qemu.Monitor, default)));
        await using (var monitor = await QmpClient.StartAsync(transport, QmpOptions.Default, default))
            await talk(monitor);
        if (Recording.Wanted)
            transport.Recorded.Write(name);
    }
}
