using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>
/// What a save or a restore sets in QEMU, and what was set before. All capabilities that are on are of migrations between two QEMUs, or, as
/// <c>x-ignore-shared</c>, would leave out what belongs in the file.
/// </summary>
internal sealed record QemuSavingSettings(
    IReadOnlyDictionary<string, bool> Capabilities, IReadOnlyDictionary<string, object> Parameters, IReadOnlyDictionary<string, bool> CapabilitiesBefore, IReadOnlyDictionary<string, object> ParametersBefore)
{
    /// <summary>Of QEMU's events, which change nothing.</summary>
    private const string Events = "events";

    internal static QemuSavingSettings Of(QemuFacts facts, IReadOnlyList<string> wanted, long? bandwidth)
    {
        var capabilities = facts.Capabilities.Where(capability => capability.Value && capability.Key != Events && !wanted.Contains(capability.Key)).ToDictionary(pair => pair.Key, _ => false);
        foreach (var name in wanted.Where(name => facts.Capabilities.TryGetValue(name, out var isOn) && !isOn))
            capabilities[name] = true;
        var parameters = new Dictionary<string, object>();
        if (bandwidth is { } limit && facts.Parameters.ContainsKey("max-bandwidth"))
            parameters["max-bandwidth"] = limit;
        if (facts.Parameters.TryGetValue("tls-creds", out var credentials) && credentials is not "")
            parameters["tls-creds"] = "";
        return new(capabilities, parameters, facts.Capabilities.Where(pair => capabilities.ContainsKey(pair.Key)).ToDictionary(), facts.Parameters.Where(pair => parameters.ContainsKey(pair.Key)).ToDictionary());
    }

    internal async Task SetAsync(QmpClient monitor, CancellationToken cancellationToken)
    {
        await monitor.SetMigrationParametersAsync(Parameters, cancellationToken).ConfigureAwait(false);
        await monitor.SetMigrationCapabilitiesAsync(Capabilities, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts back what can be. One that is refused does not keep the others from it.</summary>
    /// <returns>What could not be, each with its value and QEMU's reason.</returns>
    internal async Task<IReadOnlyList<string>> PutBackAsync(QmpClient monitor, CancellationToken cancellationToken)
    {
        var failed = new List<string>();
        foreach (var (name, value) in ParametersBefore)
            await TryAsync($"{name}={value}", () => monitor.SetMigrationParametersAsync(new Dictionary<string, object> { [name] = value }, cancellationToken)).ConfigureAwait(false);
        try
        {
            await monitor.SetMigrationCapabilitiesAsync(CapabilitiesBefore, cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            foreach (var (name, isOn) in CapabilitiesBefore)
                await TryAsync($"{name}={(isOn ? "on" : "off")}", () => monitor.SetMigrationCapabilitiesAsync(new Dictionary<string, bool> { [name] = isOn }, cancellationToken)).ConfigureAwait(false);
        }

        return failed;

        async Task TryAsync(string what, Func<Task> set)
        {
            try
            {
                await set().ConfigureAwait(false);
            }
            catch (QmpException error)
            {
                failed.Add($"{what} ({error.Description.TrimEnd('.')})");
            }
        }
    }
}
