using System.Net;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>M6: a server is the same as seen from both hosts, and not as this client sees it.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ServerNameTests
{
    private static readonly string[] Names = ["lm-server", "nowhere.invalid", "localhost"];

    [LabFact]
    public async Task Each_host_is_asked_what_it_understands_by_a_name()
    {
        try
        {
            await OnAsync("a", "echo '10.9.0.5 lm-server' >> /etc/hosts");
            await OnAsync("b", "echo '10.9.0.6 lm-server' >> /etc/hosts");
            using var a = await LabHosts.ConnectAsync("a", "ssh");
            using var b = await LabHosts.ConnectAsync("b", "ssh");
            var (here, there) = ((await HostServers.AtAsync(a, Names, CancellationToken.None))!, (await HostServers.AtAsync(b, Names, CancellationToken.None))!);
            Assert.Equal(IPAddress.Parse("10.9.0.5"), Assert.Single(here.Names["lm-server"]));
            Assert.Equal(IPAddress.Parse("10.9.0.6"), Assert.Single(there.Names["lm-server"]));
            Assert.Empty(here.Names["nowhere.invalid"]);
            Assert.Contains(IPAddress.Loopback, here.Own);
            Assert.Contains(IPAddress.Loopback, there.Own);
            Assert.NotEmpty(here.Own.Except(there.Own));
            // Without a shell nobody can be asked.
            using var plain = await LabHosts.ConnectAsync("a");
            Assert.Null(await HostServers.AtAsync(plain, Names, CancellationToken.None));
        }
        finally
        {
            foreach (var host in Hosts)
                await OnAsync(host, "grep -v ' lm-server$' /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts; rm /tmp/hosts");
        }
    }

    private static readonly string[] Hosts = ["a", "b"];

    private static Task<string> OnAsync(string host, string script) => LabHosts.RunAsync("sh", host, "sh", "-c", script);
}
