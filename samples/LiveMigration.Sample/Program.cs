// Migrates a running VM from one host to another and shows the progress. Usage:
//   LiveMigration.Sample SOURCE-URI DESTINATION-URI DOMAIN [--allow-unsafe] [--direct] [--bandwidth RATE]
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

if (args is not [var from, var to, var name, ..])
{
    Console.Error.WriteLine("Usage: LiveMigration.Sample SOURCE-URI DESTINATION-URI DOMAIN [--allow-unsafe] [--direct] [--bandwidth RATE]");
    return 2;
}

try
{
    using var source = await LibvirtHost.ConnectAsync("source", HostUri.Parse(from));
    using var destination = await LibvirtHost.ConnectAsync("destination", HostUri.Parse(to));
    var domain = await source.GetDomainAsync(name);
    var plan = await domain.PlanMigrationAsync(destination, new MigrationOptions
    {
        AllowUnsafe = args.Contains("--allow-unsafe"),
        Mode = args.Contains("--direct") ? MigrationMode.Direct : MigrationMode.Auto,
        Bandwidth = args.SkipWhile(word => word != "--bandwidth").Skip(1).Select(rate => (Bandwidth?)Bandwidth.Parse(rate)).FirstOrDefault(),
    });
    Console.WriteLine(plan);

    var run = plan.Start();
    run.Noticed += (_, notice) => Console.WriteLine($"  ! {notice}");
    run.Progressed += (_, at) => Console.WriteLine(
        $"  {at.Percent,3} %  {at.Phase,-9}  pass {at.Iteration}  sent {ByteSize.Format(at.Transferred),-10}  left {ByteSize.Format(at.Remaining),-10}  {(at.Rate is { } rate ? Bandwidth.FromBytes(rate) : null)}");
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        if (run.IsPostCopy)
            run.Detach();
        else
            _ = run.StopAsync();
    };

    var result = await run.Completion;
    if (result.ToException() is { } failure)
        throw failure;
    Console.WriteLine($"{result.Outcome}: {new Duration(result.TotalTime)}, downtime {result.Downtime?.TotalMilliseconds:0} ms, {ByteSize.Format(result.Transferred)} at {(result.MeanRate is { } rate ? Bandwidth.FromBytes(rate) : null)}");
    foreach (var fact in result.Verified)
        Console.WriteLine($"  {fact}");
    return 0;
}
catch (LiveMigrationException error)
{
    Console.Error.WriteLine($"{error.Message}\n{error.Fault.RecommendedAction}");
    return 1;
}
