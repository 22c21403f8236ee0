// Measures LiveMigration, against virsh where virsh does the same. Prints JSON lines; tests/bench/ has the scripts that call it.
using System.Globalization;
using LiveMigration.Benchmarks.Listing;
using LiveMigration.Benchmarks.Micro;
using LiveMigration.Benchmarks.Migrating;

switch (args)
{
    case ["migrate", var first, var second, var guest, .. var rest]:
        await MigrateBenchmark.RunAsync(first, second, guest, MigrateOptions.Parse(rest));
        return 0;
    case ["list", .. var words]:
        var module = words.FirstOrDefault(word => word.StartsWith("module=", StringComparison.Ordinal))?["module=".Length..];
        int[] counts = [.. words.Where(word => !word.Contains('=')).Select(Number)];
        await ListBenchmark.RunAsync(module, counts is [] ? [500, 2000, 8000] : counts);
        return 0;
    case ["node", var count, var path]:
        NodeDefinition.Write(path, Number(count));
        return 0;
    case ["micro"]:
        MicroBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine(
            """
            LiveMigration.Benchmarks WHAT
              migrate URI URI GUEST [pairs=8] [process=0] [long=0] [mode=p2p|direct] [unsafe=0]
                                 moves GUEST, which runs at the first URI, to and fro, by virsh and by the core in turn;
                                 process: pairs of whole processes; long: seconds of a last migration, for our CPU time
              list [module=PATH] [COUNT...]
                                 lists that many domains of libvirt's test driver, by virsh and by us in turn
              node COUNT PATH    writes such a host's definition, for test:///PATH
              micro              what the core does often
            """);
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
