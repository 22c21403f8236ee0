using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>Two real libvirt hosts, a and b, for all lab tests.</summary>
public sealed class LabHosts : IAsyncLifetime
{
    private static readonly string Script = Checkout.PathOf("tests", "lab", "lab.sh");

    /// <summary>For a command of the lab.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>By the lab: hosts of two labs have the same UUIDs, and a user has a state, too. It outlives the tests, as the clients that they kill expect.</summary>
    private static readonly string StateHome = Path.Combine(AppContext.BaseDirectory, "state", Environment.GetEnvironmentVariable("LAB_NAME") ?? "own");

    private int _guests;

    /// <summary>Why there is no lab here; null when there is.</summary>
    public static string? Unavailable { get; } =
        Environment.GetEnvironmentVariable("NO_LAB") is { Length: > 0 } reason ? $"The lab is left out: {reason}."
        : !OperatingSystem.IsLinux() ? "The lab needs Linux."
        : !Environment.IsPrivilegedProcess ? "The lab needs root."
        : Run(["check"], out var missing) != 0 ? $"The lab lacks packages: {missing.Trim()}"
        : null;

    /// <summary>What this process and its clients have changed on the hosts.</summary>
    internal static StateStore State { get; } = new(Path.Combine(StateHome, "livemigration"));

    public LibvirtHost A { get; private set; } = null!;

    public LibvirtHost B { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // xunit makes it for tests that are all skipped, too.
        if (Unavailable is not null)
            return;
        await RunAsync("down");
        await RunAsync("up", "a", "b");
        A = await ConnectAsync("a");
        B = await ConnectAsync("b");
    }

    public async Task DisposeAsync()
    {
        if (Unavailable is not null)
            return;
        // Where a host did not start, there is no connection to it.
        A?.Dispose();
        B?.Dispose();
        await RunAsync("down");
    }

    public static async Task<LibvirtHost> ConnectAsync(string host, string transport = "tcp", HostOptions? options = null) =>
        await LibvirtHost.ConnectAsync(host, HostUri.Parse(await UriAsync(host, transport)), (options ?? HostOptions.Default) with { State = State });

    /// <summary>A process that has the same state.</summary>
    public static ProcessStartInfo Client(string program, params string[] arguments) => new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["XDG_STATE_HOME"] = StateHome } };

    /// <summary>The same, for an assembly.</summary>
    public static ProcessStartInfo DotnetClient(params string[] arguments) => Client(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    public static async Task<string> UriAsync(string host, string transport = "tcp") => (await RunAsync("uri", host, transport)).Trim();

    /// <summary>What a host sends in MiB/s, over four seconds; its kernel's count and the time are taken together.</summary>
    public static async Task<double> RateAsync(string host)
    {
        var before = await SentAsync();
        await Task.Delay(4000);
        var after = await SentAsync();
        return (after.Bytes - before.Bytes) / (after.Time - before.Time) / (1 << 20);

        async Task<(long Bytes, double Time)> SentAsync()
        {
            var counters = JsonDocument.Parse(await RunAsync("link", host, "counters")).RootElement;
            return (counters.GetProperty("txBytes").GetInt64(), counters.GetProperty("time").GetDouble());
        }
    }

    /// <summary>Starts a guest with a name of its own on a and waits for its first tick.</summary>
    public Task<Guest> GuestAsync(params string[] options) => GuestOnAsync("a", options);

    /// <summary>The same on another host.</summary>
    public async Task<Guest> GuestOnAsync(string host, params string[] options)
    {
        var name = $"vm{Interlocked.Increment(ref _guests)}";
        // No test asks for moments: a guest that ticks less often takes a third of the processor.
        await RunAsync(["guest", name, host, "tick=50", .. options]);
        return new Guest(this, name);
    }

    /// <summary>Defines another domain of the name of one on a, so that that one cannot come.</summary>
    public static async Task NamesakeAsync(string name, string host)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Regex.Replace(await RunAsync("virsh", "a", "dumpxml", "--inactive", name), "<uuid>.*</uuid>", ""));
        await RunAsync("virsh", host, "define", file);
        File.Delete(file);
    }

    /// <summary>Runs a command of the lab; it must succeed.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await Task.Run(() => (Run(arguments, out var text), text));
        return code == 0 ? output : throw new InvalidOperationException($"lab.sh {string.Join(' ', arguments)} failed ({code}): {output}");
    }

    /// <summary>Starts a command of the lab that goes on until it is killed.</summary>
    public static Process Start(params string[] arguments) => Process.Start(StartInfo(arguments))!;

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var start = new ProcessStartInfo(Script, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Parts of the suite that run side by side are each given a lab. By itself, one of two checkouts on one machine does not meet the other.
        if (Environment.GetEnvironmentVariable("LAB_NAME")?.StartsWith("xu", StringComparison.Ordinal) != true)
        {
            var checkout = Script.Aggregate(17u, (hash, letter) => hash * 31 + letter) % 250;
            start.Environment["LAB_NAME"] = $"xu{checkout}";
            start.Environment["LAB_SUBNET"] = $"10.90.{checkout}";
        }

        return start;
    }

    private static int Run(string[] arguments, out string output)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEndAsync();
        // Daemons that the lab starts may keep the error pipe open; the exit is what counts. No command takes so long, the first `up`
        // apart, which fetches what the lab is made of.
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            output = $"not done after {Patience}";
            return -1;
        }

        output = said.WaitAsync(Patience).Result;
        if (process.ExitCode != 0)
            output += errors.WaitAsync(TimeSpan.FromSeconds(5)).Result;
        return process.ExitCode;
    }

    /// <summary>A guest of the lab, seen from outside.</summary>
    public sealed class Guest(LabHosts lab, string name) : IAsyncDisposable
    {
        public string Name => name;

        public Task<LibvirtDomain> OnA => lab.A.GetDomainAsync(name);

        public Task<LibvirtDomain> OnB => lab.B.GetDomainAsync(name);

        /// <summary>Changes the definition on a.</summary>
        public async Task RedefineAsync(Func<string, string> change)
        {
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, change(await RunAsync("virsh", "a", "dumpxml", "--inactive", name)));
            await RunAsync("virsh", "a", "define", file);
            File.Delete(file);
        }

        /// <summary>Starts it on a and waits for its first tick.</summary>
        public async Task StartAsync()
        {
            await RunAsync("virsh", "a", "start", name);
            await RunAsync("sh", "a", "timeout", "60", "sh", "-c", $"until grep -qs '^T ' /var/lib/libvirt/ticks/{name}.log; do sleep 0.2; done");
        }

        public async Task<Ticks> TicksAsync() =>
            JsonSerializer.Deserialize<Ticks>(await RunAsync("ticks", name), JsonSerializerOptions.Web)!;

        /// <summary>The guest still ticks, on that host, and nothing of it was ever lost.</summary>
        public async Task ShouldBeWholeAsync(string host)
        {
            var before = await TicksAsync();
            var now = await TicksAsync();
            for (var tries = 0; tries < 50 && now.Last <= before.Last; tries++)
            {
                await Task.Delay(100);
                now = await TicksAsync();
            }

            Assert.True(now.Last > before.Last, "The guest does not tick.");
            Assert.Equal((host, 0, 0, 0, 0, 1), (now.HostOfLast, now.Lost, now.Duplicated, now.CorruptMemory, now.CorruptDisk, now.Boots));
        }

        /// <summary>The destination cleans up after itself once it notices; nothing of the guest may stay there.</summary>
        public async Task ShouldLeaveBAsync()
        {
            var query = new DomainQuery { Names = [name] };
            for (var tries = 0; tries < 60 && (await lab.B.GetDomainsAsync(query)).Any(); tries++)
                await Task.Delay(1000);
            Assert.Empty(await lab.B.GetDomainsAsync(query));
        }

        /// <summary>Whatever the test was of: no guest ever finds a page or a block that is not as it left it, nor runs twice.</summary>
        public async ValueTask DisposeAsync()
        {
            // One that never ran has not ticked.
            var (code, said) = await Task.Run(() => (Run(["ticks", name], out var text), text));
            var ticks = code == 0 ? JsonSerializer.Deserialize<Ticks>(said, JsonSerializerOptions.Web)! : null;
            await RunAsync("guest-remove", name);
            Assert.True(ticks is null or { CorruptMemory: 0, CorruptDisk: 0, Duplicated: 0 }, $"{ticks}");
        }
    }

    /// <summary>What the guest's ticks say.</summary>
    public sealed record Ticks(long Last, int Lost, int Duplicated, double MaxGapMs, int CorruptMemory, int CorruptDisk, string HostOfLast, int Boots);
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TheLab : ICollectionFixture<LabHosts>
{
    public const string Name = "lab";
}
