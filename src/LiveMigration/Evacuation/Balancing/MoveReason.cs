using System.Globalization;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>Why a unit moves, in one sentence with figures from before and after.</summary>
internal sealed class MoveReason
{
    private readonly LoadGroup _group;
    private readonly LoadUnit _unit;
    private readonly LoadHost _from;
    private readonly LoadHost _to;
    private readonly double[] _before;
    private readonly double[] _there;

    /// <summary>To be made before the unit moves.</summary>
    internal MoveReason(LoadGroup group, LoadUnit unit, LoadHost to)
    {
        (_group, _unit, _from, _to) = (group, unit, group.Hosts[unit.At], to);
        _before = [.. Enumerable.Range(0, group.Resources).Select(_from.Share)];
        _there = [.. Enumerable.Range(0, group.Resources).Select(to.Share)];
    }

    /// <summary>The sentence, once the unit has moved.</summary>
    internal string Text()
    {
        var with = _unit.Domains.Count > 1 ? $" The affinity group '{_unit.Group.AffinityGroup}' moves as one." : "";
        return _group.Balance.Goal switch
        {
            EvacuationGoal.Spread => Invariant($"{_from.Host} has {_before[0]:0} VMs and {_to.Host} {_there[0]:0}, with {_group.Mean(0):0.#} on average.{with}"),
            EvacuationGoal.Pack => Invariant($"{_from.Host} is emptied; {_to.Host} has {new ByteSize(Math.Max(0, _to.Room.Free))} left for VMs then.{with}"),
            _ => Relief(with),
        };
    }

    /// <summary>Of the resource in which the two hosts come closest.</summary>
    private string Relief(string with)
    {
        var most = Enumerable.Range(0, _group.Resources).Where(resource => _group.Weight(resource) > 0).MaxBy(resource => _group.Weight(resource) * (Math.Abs(_before[resource] - _there[resource]) - Math.Abs(_from.Share(resource) - _to.Share(resource))));
        var name = most == 0 ? "CPU" : "memory";
        return Invariant($"The {name} share of {_from.Host} falls from {100 * _before[most]:0} % to {100 * _from.Share(most):0} %, and that of {_to.Host} rises from {100 * _there[most]:0} % to {100 * _to.Share(most):0} %.{with}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
