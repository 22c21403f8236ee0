using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>hosts → their loads: counters at the beginning and at the end of a time. Nothing is changed.</summary>
public static class FleetLoads
{
    /// <summary>Measures.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="dirtyRate">Whether to measure how fast VMs change their memory, too, for as long.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The loads, and for each host that did not answer the error.</returns>
    /// <exception cref="LiveMigrationException">Two of the hosts are the same machine.</exception>
    public static async Task<(FleetBalance Balance, IReadOnlyDictionary<string, LiveMigrationException> Errors)> ReadAsync(
        IReadOnlyList<LibvirtHost> hosts, Duration duration, bool dirtyRate = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var errors = new Dictionary<string, LiveMigrationException>();
        var asked = await Task.WhenAll(hosts.Select(host => TryAsync(host, duration, dirtyRate, cancellationToken))).ConfigureAwait(false);
        foreach (var (host, _, error) in asked.Where(one => one.Error is not null))
            errors[host] = error!;
        var loads = asked.Select(one => one.Load).OfType<HostLoad>().ToArray();
        CheckDistinct(loads);
        return (new FleetBalance { Hosts = Once(loads), Unreachable = errors.Keys.ToArray(), Duration = duration.Value }, errors);
    }

    /// <summary>One machine under two names would be counted, and filled, twice.</summary>
    internal static void CheckDistinct(IEnumerable<HostLoad> loads)
    {
        if (loads.Where(load => load.Uuid is not null).GroupBy(load => load.Uuid).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new LiveMigrationException(Faults.SameHost, $"{string.Join(" and ", same)} are the same machine, with the UUID {same.Key}: name it once.", same.First().HostName);
    }

    private static async Task<(string Host, HostLoad? Load, LiveMigrationException? Error)> TryAsync(LibvirtHost host, Duration duration, bool dirtyRate, CancellationToken cancellationToken)
    {
        try
        {
            return (host.Name, await ReadAsync(host, duration, dirtyRate, cancellationToken).ConfigureAwait(false), null);
        }
        catch (LiveMigrationException error)
        {
            return (host.Name, null, error);
        }
        catch (ObjectDisposedException error)
        {
            return (host.Name, null, new LiveMigrationException(Faults.HostUnreachable, $"{host.Name} was disconnected.", host.Name, innerException: error));
        }
    }

    private static async Task<HostLoad> ReadAsync(LibvirtHost host, Duration duration, bool dirtyRate, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var info = await host.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var before = await host.CallAsync(connection => LoadSample.Read(connection, clock), cancellationToken).ConfigureAwait(false);
        var waiting = Task.Delay(duration.Value, cancellationToken);
        var rates = dirtyRate ? await RatesAsync(host, duration, cancellationToken).ConfigureAwait(false) : [];
        await waiting.ConfigureAwait(false);
        var after = await host.CallAsync(connection => LoadSample.Read(connection, clock), cancellationToken).ConfigureAwait(false);
        var seconds = clock.GetElapsedTime(before.Ticks, after.Ticks).TotalSeconds;
        var load = new HostLoad
        {
            HostName = host.Name,
            Uuid = info.Uuid,
            Cpus = info.Cpus > 0 ? info.Cpus : null,
            HostCpu = before.Host is { } started && after.Host is { } ended ? ended.BusySince(started) / 100 * info.Cpus : null,
            TotalMemory = info.Memory > 0 ? info.Memory : null,
            UsedMemory = after.Available is { } available ? info.Memory - available : null,
            IsInMaintenance = info.Maintenance is not null,
            Domains = after.Domains.Values.OrderBy(domain => domain.Name, StringComparer.Ordinal).ThenBy(domain => domain.Uuid)
                .Select(domain => domain.Since(before.Domains.GetValueOrDefault(domain.Uuid), host.Name, seconds) with { DirtyRate = rates.TryGetValue(domain.Uuid, out var rate) ? rate : null }).ToArray(),
        };
        return load with { Unknown = Unknown(load, dirtyRate).ToArray() };
    }

    private static async Task<Dictionary<Guid, long?>> RatesAsync(LibvirtHost host, Duration duration, CancellationToken cancellationToken)
    {
        var domains = (await host.GetDomainsAsync(DomainQuery.All, cancellationToken).ConfigureAwait(false)).Where(domain => domain.State is DomainState.Running);
        var rates = await Task.WhenAll(domains.Select(async domain => (domain.Uuid, Rate: await FleetSurvey.MeasureAsync(domain, duration, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return rates.ToDictionary(one => one.Uuid, one => one.Rate);
    }

    /// <summary>One that is being migrated is on both sides: it counts where it arrives, with what it uses where it still runs.</summary>
    private static HostLoad[] Once(HostLoad[] loads)
    {
        var twice = loads.SelectMany(load => load.Domains).GroupBy(domain => domain.Uuid).Where(group => group.Count() > 1).ToDictionary(group => group.Key, group => group.MinBy(domain => FleetSurvey.Arriving(domain.Status))!.HostName);
        return twice.Count == 0 ? loads : [.. loads.Select(load => load with
        {
            Domains = load.Domains.Where(domain => !twice.TryGetValue(domain.Uuid, out var place) || place == load.HostName)
                .Select(domain => twice.ContainsKey(domain.Uuid) ? loads.SelectMany(other => other.Domains).Where(other => other.Uuid == domain.Uuid).MaxBy(other => other.Cpu)! with { HostName = load.HostName } : domain).ToArray(),
        })];
    }

    private static IEnumerable<string> Unknown(HostLoad load, bool dirtyRate)
    {
        if (load.Cpus is null)
            yield return "how many CPUs it has";
        if (load.HostCpu is null)
            yield return "how busy its CPUs are";
        if (load.UsedMemory is null)
            yield return "how much memory is used";
        if (Named(load, domain => domain.Cpu is null) is { } cpu)
            yield return $"the CPU use of {cpu}";
        if (Named(load, domain => domain.Memory is null) is { } memory)
            yield return $"the memory of {memory}";
        if (Named(load, domain => domain.Received is null || domain.Sent is null) is { } traffic)
            yield return $"the network traffic of {traffic}";
        if (dirtyRate && Named(load, domain => domain.DirtyRate is null) is { } rate)
            yield return $"the dirty rate of {rate}";
    }

    private static string? Named(HostLoad load, Func<DomainLoad, bool> lacks)
    {
        string[] names = [.. load.Domains.Where(lacks).Select(domain => domain.Name)];
        return names.Length == 0 ? null : $"{string.Join(", ", names.Take(3))}{(names.Length > 3 ? $" and {names.Length - 3} more" : "")}";
    }
}
