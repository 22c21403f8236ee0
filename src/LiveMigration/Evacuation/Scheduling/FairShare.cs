using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>
/// Max-min fairness: the tightest link's bandwidth is divided evenly among those who pass it, then the next one's among
/// those who are left. It is what streams without limits of their own come to by themselves.
/// </summary>
internal sealed class FairShare(LinkMap links)
{
    private readonly double[] _left = new double[links.Count];
    private readonly int[] _users = new int[links.Count];

    internal void Divide(IEnumerable<Move> sending)
    {
        var open = sending.ToList();
        var used = open.SelectMany(move => move.Way).Distinct().ToList();
        foreach (var link in used)
            (_left[link], _users[link]) = (links.BytesPerSecond(link), 0);
        foreach (var move in open)
            foreach (var link in move.Way)
                _users[link]++;
        while (open.Count > 0)
        {
            used.RemoveAll(link => _users[link] == 0);
            var tightest = used.MinBy(link => _left[link] / _users[link]);
            var share = Math.Max(1, _left[tightest] / _users[tightest]);
            open.RemoveAll(move => Fix(move, tightest, share));
        }
    }

    private bool Fix(Move move, int tightest, double share)
    {
        if (Array.IndexOf(move.Way, tightest) < 0)
            return false;
        move.Rate = share;
        foreach (var link in move.Way)
        {
            _left[link] -= share;
            _users[link]--;
        }

        return true;
    }
}
