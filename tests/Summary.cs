#:property PublishAot=false
#:property TargetFramework=net10.0

// Sums what the suites reported in artifacts/test-results; run from the root: `dotnet run tests/Summary.cs -- [SUITE…]`.
// Expects a report of every xunit project, and of each suite named besides; one that is missing counts as a failure.
// The last line is the result.
using System.Xml.Linq;

var total = new Tally(0, 0, []);
var projects = Directory.GetFiles("tests", "*.Tests.csproj", SearchOption.AllDirectories);
foreach (var suite in projects.Select(project => Path.GetFileNameWithoutExtension(project)).Order().Concat(args))
{
    var tally = Read(suite);
    total = new(total.Passed + tally.Passed, total.Failed + tally.Failed, [.. total.Skipped, .. tally.Skipped]);
    Console.WriteLine($"{suite}: {tally}");
    foreach (var reason in tally.Skipped.CountBy(reason => reason))
        Console.WriteLine($"    skipped {reason.Value}: {reason.Key}");
}
Console.WriteLine(total);
return total.Failed == 0 && total.Passed > 0 ? 0 : 1;

static Tally Read(string suite)
{
    try
    {
        var report = Path.Combine("artifacts", "test-results", suite);
        return File.Exists(report + ".xml") ? FromJUnit(XDocument.Load(report + ".xml")) : FromTrx(XDocument.Load(report + ".trx"));
    }
    catch (Exception e) when (e is IOException or System.Xml.XmlException)
    {
        Console.WriteLine($"{suite}: no report ({e.Message})");
        return new(0, 1, []);
    }
}

static Tally FromTrx(XDocument report)
{
    var results = Elements(report, "UnitTestResult").ToLookup(result => (string?)result.Attribute("outcome"));
    var passed = results["Passed"].Count();
    var skipped = results["NotExecuted"].Select(result => Reason(Elements(result, "Message").FirstOrDefault()?.Value));
    var failed = results.Sum(outcome => outcome.Count()) - passed - results["NotExecuted"].Count();

    // A test host that crashes or hangs leaves a report without a failed test in it.
    var completed = (string?)Elements(report, "ResultSummary").Single().Attribute("outcome") == "Completed";
    return new(passed, failed == 0 && !completed ? 1 : failed, [.. skipped]);
}

static Tally FromJUnit(XDocument report)
{
    var cases = Elements(report, "testcase").ToLookup(test => test.Elements().FirstOrDefault()?.Name.LocalName ?? "passed");
    var skipped = cases["skipped"].Select(test => Reason((string?)test.Element("skipped")!.Attribute("message")));
    var errors = (int?)report.Root!.Attribute("errors") ?? 0;
    return new(cases["passed"].Count(), cases["failure"].Count() + cases["error"].Count() + errors, [.. skipped]);
}

static string Reason(string? text) => string.IsNullOrEmpty(text) ? "no reason given" : text;

static IEnumerable<XElement> Elements(XContainer tree, string name) =>
    tree.Descendants().Where(element => element.Name.LocalName == name);

internal sealed record Tally(int Passed, int Failed, string[] Skipped)
{
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped.Length} skipped";
}
