using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Parameters;

/// <summary>
/// QEMU's migration settings, for what libvirt has no call for. All of these talk to QEMU through libvirt's monitor, which taints
/// the domain until it is restarted (<c>custom-monitor</c>); nothing else changes by asking. What is set holds for this QEMU: a domain
/// that has moved runs in another one, with the defaults.
/// </summary>
public static class LibvirtDomainParameters
{
    /// <summary>Names of parameters that some QEMU from 7.2 to 10.2 has, to choose from without asking, and so tainting, a domain.</summary>
    public static IReadOnlyCollection<string> ParameterNames => KnownParameter.Names;

    /// <summary>Names of capabilities that some QEMU from 7.2 to 10.2 has, likewise.</summary>
    public static IReadOnlyCollection<string> CapabilityNames => KnownCapability.Names;

    /// <summary>Gets all migration parameters that the domain's QEMU takes, by name.</summary>
    /// <param name="domain">A running domain. Asking taints it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The domain is not there or does not run, or its hypervisor is not QEMU.</exception>
    public static Task<IReadOnlyList<MigrationParameter>> GetMigrationParametersAsync(
        this LibvirtDomain domain, CancellationToken cancellationToken = default) =>
        WithMonitorAsync(domain, monitor => ParametersAsync(domain, monitor, cancellationToken), cancellationToken);

    /// <summary>
    /// Sets a migration parameter, now or for the next migration. Of what is set while libvirt migrates the domain, libvirt puts back
    /// at the end what it knows itself: compression, throttling, parallel connections.
    /// </summary>
    /// <param name="domain">A running domain, on the source. Setting taints it.</param>
    /// <param name="name">QEMU's name, for example <c>announce-rounds</c>.</param>
    /// <param name="value">A number in the parameter's unit, a truth, or a text; units may be written (<c>64MiB</c>, <c>200ms</c>).</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The parameter as it is now.</returns>
    /// <exception cref="LiveMigrationException">There is no such parameter, libvirt sets it itself, or the value is none for it.</exception>
    public static Task<MigrationParameter> SetMigrationParameterAsync(
        this LibvirtDomain domain, string name, object value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return WithMonitorAsync(
            domain,
            async monitor =>
            {
                var all = await ParametersAsync(domain, monitor, cancellationToken).ConfigureAwait(false);
                var parameter = Find(domain, "migration parameter", name, all, one => one.Parameter);
                await monitor.SetMigrationParameterAsync(
                    parameter.Parameter, ParameterValue.Read(parameter, value, all), cancellationToken).ConfigureAwait(false);
                var now = await monitor.QueryMigrationParametersAsync(cancellationToken).ConfigureAwait(false);
                return parameter with { Value = now.GetValueOrDefault(parameter.Parameter) };
            },
            cancellationToken);
    }

    /// <summary>Gets all migration capabilities of the domain's QEMU, by name.</summary>
    /// <param name="domain">A running domain. Asking taints it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The domain is not there or does not run, or its hypervisor is not QEMU.</exception>
    public static Task<IReadOnlyList<MigrationCapability>> GetMigrationCapabilitiesAsync(
        this LibvirtDomain domain, CancellationToken cancellationToken = default) =>
        WithMonitorAsync(domain, monitor => CapabilitiesAsync(domain, monitor, cancellationToken), cancellationToken);

    /// <summary>Switches a migration capability on or off, for later migrations.</summary>
    /// <param name="domain">A running domain that does not migrate. Setting taints it.</param>
    /// <param name="name">QEMU's name, for example <c>release-ram</c>.</param>
    /// <param name="enabled">On or off.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The capability as it is now.</returns>
    /// <exception cref="LiveMigrationException">
    /// There is no such capability, libvirt sets it itself, a migration runs, or QEMU does not take it with the others.
    /// </exception>
    public static Task<MigrationCapability> SetMigrationCapabilityAsync(
        this LibvirtDomain domain, string name, bool enabled, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return WithMonitorAsync(
            domain,
            async monitor =>
            {
                var all = await CapabilitiesAsync(domain, monitor, cancellationToken).ConfigureAwait(false);
                var capability = Find(domain, "migration capability", name, all, one => one.Capability);
                var status = await monitor.QueryMigrationStatusAsync(cancellationToken).ConfigureAwait(false);
                CheckChangeable($"{domain.HostName}: {domain.Name}: {capability.Capability}", domain.HostName, capability.SetWith, status);
                await monitor.SetMigrationCapabilityAsync(capability.Capability, enabled, cancellationToken).ConfigureAwait(false);
                all = await CapabilitiesAsync(domain, monitor, cancellationToken).ConfigureAwait(false);
                return all.First(one => one.Capability == capability.Capability);
            },
            cancellationToken);
    }

    /// <summary>Makes parameters of what QEMU answers.</summary>
    internal static IReadOnlyList<MigrationParameter> Describe(
        string domain, string host, IEnumerable<QmpParameter> types, IReadOnlyDictionary<string, object> values) =>
        [.. types.OrderBy(type => type.Name, StringComparer.Ordinal).Select(type =>
        {
            var known = KnownParameter.Of(type.Name);
            return new MigrationParameter
            {
                Name = domain,
                HostName = host,
                Parameter = type.Name,
                Value = values.GetValueOrDefault(type.Name),
                Type = type.Kind,
                Choices = type.Choices,
                Unit = known.Unit,
                Minimum = known.Minimum,
                Maximum = known.Maximum,
                Default = known.Default,
                SetWith = known.SetWith,
                Meaning = known.Meaning,
                Features = type.Features,
            };
        })];

    /// <summary>Refuses what QEMU would refuse, or libvirt undo.</summary>
    internal static void CheckChangeable(string what, string host, string? instead, string? status)
    {
        var use = instead is null ? "Set it before the migration starts." : $"Use {instead} when it is started.";
        if (status is not (null or "none" or "completed" or "failed" or "cancelled"))
        {
            throw new LiveMigrationException(
                Faults.MigrationInProgress, $"{what}: QEMU cannot change capabilities while a migration is running. {use}", host);
        }

        if (instead is not null)
        {
            throw new LiveMigrationException(
                Faults.SetByLibvirt, $"{what}: libvirt overwrites it at the start of each migration. It is set by {instead}.", host);
        }
    }

    private static T Find<T>(LibvirtDomain domain, string what, string name, IReadOnlyList<T> all, Func<T, string> nameOf)
    {
        if (all.FirstOrDefault(one => nameOf(one).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        var hint = NearNames.Ask(NearNames.Of(name, all.Select(nameOf)));
        throw new LiveMigrationException(
            Faults.NoSuchMigrationSetting,
            $"{domain.HostName}: {domain.Name}: its QEMU has no {what} '{name}'.{(hint is null ? "" : $" {hint}")}",
            domain.HostName);
    }

    private static async Task<IReadOnlyList<MigrationParameter>> ParametersAsync(
        LibvirtDomain domain, QmpClient monitor, CancellationToken cancellationToken)
    {
        var types = await monitor.QueryMigrationParameterTypesAsync(cancellationToken).ConfigureAwait(false);
        var values = await monitor.QueryMigrationParametersAsync(cancellationToken).ConfigureAwait(false);
        return Describe(domain.Name, domain.HostName, types, values);
    }

    private static async Task<IReadOnlyList<MigrationCapability>> CapabilitiesAsync(
        LibvirtDomain domain, QmpClient monitor, CancellationToken cancellationToken)
    {
        var all = await monitor.QueryMigrationCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        return [.. all.OrderBy(one => one.Capability, StringComparer.Ordinal).Select(one => new MigrationCapability
        {
            Name = domain.Name,
            HostName = domain.HostName,
            Capability = one.Capability,
            Enabled = one.State,
            SetWith = KnownCapability.Of(one.Capability).SetWith,
            Meaning = KnownCapability.Of(one.Capability).Meaning,
        })];
    }

    private static async Task<T> WithMonitorAsync<T>(
        LibvirtDomain domain, Func<QmpClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var monitor = await domain.OpenMonitorAsync(null, cancellationToken).ConfigureAwait(false);
        await using (monitor.ConfigureAwait(false))
            return await ask(monitor).ConfigureAwait(false);
    }
}
