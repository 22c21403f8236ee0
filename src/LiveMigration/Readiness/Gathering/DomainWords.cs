using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What a host says of a VM at once, whatever the VM is busy with: none of it waits for the end of a job, as questions about jobs do.</summary>
internal sealed record DomainWords(
    Fact<XElement> Xml,
    Fact<XElement> LiveXml,
    Fact<XElement?> InactiveXml,
    Fact<int> Snapshots,
    Fact<IReadOnlyList<string>> Checkpoints,
    Fact<bool> ManagedSave,
    Fact<IReadOnlyList<string>> Taints)
{
    /// <summary>Asks one by one; what fails is missing, and the rest is there.</summary>
    internal static DomainWords Read(NativeDomain native, bool blockersOnly)
    {
        return new(
            Question.Try(() => XElement.Parse(native.GetXml(XmlView.Migratable))),
            Unless(() => XElement.Parse(native.GetXml(XmlView.Live))),
            Unless(() => native.IsPersistent() ? XElement.Parse(native.GetXml(XmlView.Inactive)) : null),
            Question.Try(native.CountSnapshots),
            Unless(native.GetCheckpoints),
            Unless(native.HasManagedSave),
            Unless(native.GetTaints));

        Fact<T> Unless<T>(Func<T> ask) => blockersOnly ? Question.NotRequested<T>() : Question.Try(ask);
    }
}
