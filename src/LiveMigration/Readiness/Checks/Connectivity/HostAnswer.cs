using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>What it means that a host answers, or does not.</summary>
internal static class HostAnswer
{
    internal static Outcome Of(HostSnapshot host) => host.Info is { IsHad: true, Value: var info }
        ? Pass($"{host.Name} is {info.MachineName}, with {info.Hypervisor} {info.HypervisorVersion} and libvirt {info.LibvirtVersion}.")
        : Broken(host.Info.Reason!, $"Connect-LibvirtHost {FixCommand.Quote(host.Host.Uri.Text)}");
}
