using System.IO.Enumeration;

namespace LiveMigration.Readiness;

/// <summary>A check that is waived for a time.</summary>
/// <param name="Check">The check's id or name.</param>
/// <param name="Reason">Why.</param>
/// <param name="Until">The last day on which it may.</param>
/// <param name="Name">For which VMs; wildcards are allowed.</param>
/// <param name="Destination">To which destinations; wildcards are allowed.</param>
public sealed record ReadinessWaiver(string Check, string Reason, DateOnly Until, string Name = "*", string Destination = "*")
{
    internal bool IsFor(ReadinessFinding finding, string domain, string destination) =>
        (Check.Equals(finding.Id, StringComparison.OrdinalIgnoreCase) || Check.Equals(finding.Check, StringComparison.OrdinalIgnoreCase)) && FileSystemName.MatchesSimpleExpression(Name, domain, ignoreCase: false)
        && FileSystemName.MatchesSimpleExpression(Destination, destination, ignoreCase: false);
}
