#:property PublishAot=false
#:property TargetFramework=net10.0

// Sums what the suites reported in artifacts/test-results; run from the root: `dotnet run tests/Summary.cs -- SUITE…`.
// Expects a report of each suite named, of every xunit project (whole, or of its parts: PROJECT.PART) and of Pester; one that is
// missing counts as a failure. What failed is shown again, where a reader of a long log looks for it; the last line is the result.
using System.Xml.Linq;

var total = new Tally(0, [], []);
var expected = Directory.GetFiles("tests", "*.Tests.csproj", SearchOption.AllDirectories).Select(project => Path.GetFileNameWithoutExtension(project)).Append("Pester");
var forgotten = expected.Where(suite => !args.Any(named => named == suite || named.StartsWith(suite + ".", StringComparison.Ordinal)));
foreach (var suite in args.Concat(forgotten).Distinct().Order())
{
    var tally = Read(suite);
    // A suite is only run where it can: that all of it was skipped shows nothing.
    if (tally is { Passed: 0, Failed: [] })
        tally = tally with { Failed = [tally.Skipped.Length == 0 ? $"{suite} ran no test" : $"{suite} skipped all of its tests"] };
    total = new(total.Passed + tally.Passed, [.. total.Failed, .. tally.Failed], [.. total.Skipped, .. tally.Skipped]);
    Console.WriteLine($"{suite}: {tally}");
    foreach (var failure in tally.Failed)
        Console.WriteLine($"    failed: {failure}");
    foreach (var reason in tally.Skipped.CountBy(reason => reason))
        Console.WriteLine($"    skipped {reason.Value}: {reason.Key}");
}
Console.WriteLine(total);
return total.Failed.Length == 0 && total.Passed > 0 ? 0 : 1;

static Tally Read(string suite)
{
    try
    {
        var report = Path.Combine("artifacts", "test-results", suite);
        return File.Exists(report + ".xml") ? FromJUnit(XDocument.Load(report + ".xml")) : FromTrx(XDocument.Load(report + ".trx"));
    }
    catch (Exception e) when (e is IOException or System.Xml.XmlException)
    {
        return new(0, [$"{suite} left no report: {e.Message}"], []);
    }
}

static Tally FromTrx(XDocument report)
{
    var results = Elements(report, "UnitTestResult").ToLookup(result => (string?)result.Attribute("outcome"));
    var skipped = results["NotExecuted"].Select(result => Reason(Message(result)));
    var failed = results.Where(outcome => outcome.Key is not ("Passed" or "NotExecuted")).SelectMany(outcome => outcome)
        .Select(result => Failure((string?)result.Attribute("testName"), Message(result)));

    // A test host that crashes or hangs leaves a report without a failed test in it.
    var summary = Elements(report, "ResultSummary").Single();
    if ((string?)summary.Attribute("outcome") != "Completed" && !failed.Any())
        failed = [Failure("the test host", Elements(summary, "Text").LastOrDefault()?.Value)];
    return new(results["Passed"].Count(), [.. failed], [.. skipped]);

    static string? Message(XElement result) => Elements(result, "Message").FirstOrDefault()?.Value;
}

static Tally FromJUnit(XDocument report)
{
    var cases = Elements(report, "testcase").ToLookup(test => test.Elements().FirstOrDefault()?.Name.LocalName ?? "passed");
    var skipped = cases["skipped"].Select(test => Reason((string?)test.Element("skipped")!.Attribute("message")));
    var failed = cases["failure"].Concat(cases["error"]).Select(test =>
        Failure((string?)test.Attribute("name"), (string?)test.Elements().First().Attribute("message")));
    var errors = (int?)report.Root!.Attribute("errors") is > 0 and var count ? [$"outside of a test: {count}"] : Array.Empty<string>();
    return new(cases["passed"].Count(), [.. failed, .. errors], [.. skipped]);
}

static string Reason(string? text) => string.IsNullOrEmpty(text) ? "no reason given" : text;

static string Failure(string? test, string? message)
{
    var lines = (message ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(6);
    return $"{test}: {string.Join("\n        ", lines)}";
}

static IEnumerable<XElement> Elements(XContainer tree, string name) =>
    tree.Descendants().Where(element => element.Name.LocalName == name);

internal sealed record Tally(int Passed, string[] Failed, string[] Skipped)
{
    public override string ToString() => $"{Passed} passed, {Failed.Length} failed, {Skipped.Length} skipped";
}
