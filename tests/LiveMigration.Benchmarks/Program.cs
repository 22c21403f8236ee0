// Measures LiveMigration, against virsh where virsh does the same. Prints JSON lines; tests/bench/ has the scripts that call it.
using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Benchmarks.Alone;
using LiveMigration.Benchmarks.Auditing;
using LiveMigration.Benchmarks.Balancing;
using LiveMigration.Benchmarks.Copying;
using LiveMigration.Benchmarks.Dirtying;
using LiveMigration.Benchmarks.Encrypting;
using LiveMigration.Benchmarks.Evacuating;
using LiveMigration.Benchmarks.Listing;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Benchmarks.Micro;
using LiveMigration.Benchmarks.Migrating;
using LiveMigration.Benchmarks.Monitors;
using LiveMigration.Benchmarks.Streaming;

switch (args)
{
    case ["migrate", var first, var second, var guest, .. var rest]:
        await MigrateBenchmark.RunAsync(first, second, guest, MigrateOptions.Parse(rest));
        return 0;
    case ["storage", var first, var second, var guest, .. var words]:
        var course = new StorageCourse(Lab(words), Word(words, "image")!, Word(words, "base"));
        await StorageBenchmark.RunAsync(first, second, guest, course, Number(Word(words, "pairs") ?? "4"));
        return 0;
    case ["evacuate", var first, var second, var guests, .. var words]:
        var drains = new DrainCourse(Lab(words), guests.Split(','));
        await EvacuateBenchmark.RunAsync(first, second, drains, EvacuateOptions.Parse(words.Where(word => !word.StartsWith("lab=", StringComparison.Ordinal))));
        return 0;
    case ["tls", var first, var second, var guest, .. var words]:
        await TlsBenchmark.RunAsync(first, second, guest, Number(Word(words, "rounds") ?? "8"));
        return 0;
    case ["list", .. var words]:
        var module = Word(words, "module");
        int[] counts = [.. words.Where(word => !word.Contains('=')).Select(Number)];
        await ListBenchmark.RunAsync(module, counts is [] ? [500, 2000, 8000] : counts);
        return 0;
    case ["node", var count, var path]:
        NodeDefinition.Write(path, Number(count));
        return 0;
    case ["readiness"]:
        await ReadinessBenchmark.FleetAsync();
        return 0;
    case ["readiness", var first, var second, var guest, .. var words]:
        await ReadinessBenchmark.OneAsync(first, second, guest, Number(Word(words, "rounds") ?? "9"));
        return 0;
    case ["plan"]:
        PlanBenchmark.Run();
        return 0;
    case ["balance"]:
        BalanceBenchmark.Run();
        return 0;
    case ["micro"]:
        MicroBenchmark.Run();
        return 0;
    case ["dirty", var host, var guest, var ticks, .. var words]:
        await DirtyBenchmark.RunAsync(host, guest, ticks, Number(Word(words, "rounds") ?? "9"), force: Word(words, "force") == "1");
        return 0;
    case ["qmp"]:
        await QmpBenchmark.RunAsync();
        return 0;
    case ["qemu", var definition, var usr, .. var words]:
        await QemuBenchmark.RunAsync(XElement.Load(definition), usr, Number(Word(words, "pairs") ?? "8"), Number(Word(words, "bandwidth") ?? "119"));
        return 0;
    case ["stream", var stream, .. var words]:
        await StreamBenchmark.RunAsync(stream, Word(words, "analyze"));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            LiveMigration.Benchmarks WHAT
              migrate URI URI GUEST [pairs=8] [process=0] [long=0] [mode=p2p|direct] [unsafe=0]
                                 moves GUEST, which runs at the first URI, to and fro, by virsh and by the core in turn;
                                 process: pairs of whole processes; long: seconds of a last migration, for our CPU time
              storage URI URI GUEST lab=COMMAND image=PATH [base=PATH] [pairs=4]
                                 moves GUEST with its image, which the lab's host a has, to and fro, by virsh with a storage copy and
                                 by the core in turn; base: only what lies above this backing file
              evacuate URI URI GUEST,GUEST,... lab=COMMAND [rounds=3] [megabits=200] [atonce=4]
                                 moves all these guests, which the lab's host a has, to and fro over links that are made narrow: by
                                 virsh one after the other, by xargs and virsh, and by the core in turn
              tls URI URI GUEST [rounds=8]
                                 moves GUEST, which stands still at the first URI, to and fro: in the clear, by TLS, and by TLS over
                                 two and four connections, in turn; both hosts are on this machine
              list [module=PATH] [COUNT...]
                                 lists that many domains of libvirt's test driver, by virsh and by us in turn
              node COUNT PATH    writes such a host's definition, for test:///PATH
              readiness [URI URI GUEST [rounds=9]]
                                 500 VMs of libvirt's test driver and two destinations; or GUEST from one URI to the other
              plan               evacuations of 5 hosts of 100 and 50 of 1,000
              balance            plans that balance 100 and 1,000 hosts, pack 1,000, and a week of loads
              micro              what the core does often
              dirty URI GUEST TICKS [rounds=9] [force=0]
                                 measures the dirty rate of GUEST in each mode, beside the count in the file of its ticks;
                                 force: asks QEMU for its bitmap although we refuse it
              qmp                the QMP client beside a bare loop, over a QEMU that is started for it
              qemu DEFINITION USR [pairs=8] [bandwidth=119]
                                 moves the lab's guest of this definition (XML) from one QEMU below USR to the next, by a bare script
                                 of QMP and by the core in turn, at that many MiB/s
              stream FILE [analyze=PATH]
                                 reads a plain stream, beside cat and QEMU's analyze-migration.py
            """);
        return 2;
}

static LabCommand Lab(string[] words) => new(Word(words, "lab")!.Split(' '));

static string? Word(string[] words, string name) =>
    words.FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
