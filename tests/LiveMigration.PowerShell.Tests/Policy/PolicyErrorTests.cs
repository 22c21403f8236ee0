using LiveMigration.Monitoring.Policies;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Tests.Policy;

/// <summary>Bad YAML: file, line, column, what was expected.</summary>
public sealed class PolicyErrorTests
{
    [Theory]
    // Values of the wrong type.
    [InlineData("autoConverge: yes", 2, 15, "autoConverge: true or false was expected, not 'yes'.")]
    [InlineData("parallel: four", 2, 11, "parallel: a whole number was expected, not 'four'.")]
    [InlineData("parallel: [4]", 2, 11, "parallel: a whole number was expected.")]
    [InlineData("parallel:", 2, 10, "parallel: a whole number was expected.")]
    [InlineData("postCopy: ~", 2, 11, "postCopy: true or false was expected.")]
    [InlineData("downtime: 5 parsecs", 2, 11, "downtime: a time with its unit, such as 300ms, 1.5s, 10min or 2h, was expected, not '5 parsecs'.")]
    [InlineData("downtime: 500", 2, 11, "downtime: a time with its unit, such as 300ms, 1.5s, 10min or 2h, was expected, not '500'.")]
    [InlineData("progressTimeout: {}", 2, 18, "progressTimeout: a time with its unit, such as 300ms, 1.5s, 10min or 2h, was expected.")]
    [InlineData("bandwidth: fast", 2, 12, "bandwidth: a bandwidth such as 500MiB/s, 4Gbit/s, 500 (MiB/s) or max was expected, not 'fast'.")]
    [InlineData("compression: gzip", 2, 14, "compression: none, xbzrle, mt, zlib, zstd was expected, not 'gzip'.")]
    [InlineData("compression: 1", 2, 14, "compression: none, xbzrle, mt, zlib, zstd was expected, not '1'.")]
    [InlineData("dataSize: big", 2, 11, "dataSize: exact, atLeastTwoGiBEach, wholeGigabytes was expected, not 'big'.")]
    [InlineData("timeout: 5min", 2, 10, "timeout: names with values were expected here.")]
    [InlineData("downtime: [1s]", 2, 11, "downtime: names with values were expected here.")]
    [InlineData("timeout: { after: 1h, abortAtFactor: much }", 2, 38, "abortAtFactor: a number was expected, not 'much'.")]
    [InlineData("timeout: { after: 1h, action: panic }", 2, 31, "action: abort, suspend, postCopy, forceComplete was expected, not 'panic'.")]
    [InlineData("convergence: { steps: abort }", 2, 23, "steps: a list was expected here.")]
    [InlineData("convergence: { steps: [abort] }", 2, 24, "steps: names with values were expected here.")]
    [InlineData("? [a]\n: b", 2, 3, "A name was expected here.")]
    // Names that are not known, missing, or too many.
    [InlineData("timeout: { after: 1h, acton: abort }", 2, 23, "'acton' is not known here. Did you mean 'action'?")]
    [InlineData("timeout: { after: 1h, margin: 4 }", 2, 23, "'margin' is not known here. Expected: perGiB, after, action, abortAtFactor.")]
    [InlineData("downtime:\n  linear:\n    max: 500ms\n    steps: 10", 4, 5, "'delayPerGiB' was expected here and is missing.")]
    [InlineData("downtime: { linear: {}, doubling: {} }", 2, 11, "One of linear, ramped, doubling was expected here.")]
    [InlineData("convergence:\n  steps:\n    - afterIteration: 1", 4, 7, "One of downtime, bandwidth, action was expected here.")]
    [InlineData("convergence: {}", 2, 14, "steps: a list was expected here.")]
    // Well written, and yet impossible.
    [InlineData("parallel: 999", 2, 11, "parallel: 1 to 255 connections were expected.")]
    [InlineData("downtime: 1h", 2, 11, "downtime: 1 ms to 2000 s was expected, not 01:00:00.")]
    [InlineData("timeout:\n  action: abort", 2, 1, "timeout: Either 'perGiB' or 'after' was expected.")]
    [InlineData("timeout:\n  after: 1h\n  action: postCopy", 4, 11, "action: Post-copy has to be permitted: add 'postCopy: true'.")]
    [InlineData("convergence:\n  steps:\n    - { action: abort }\n    - { action: abort }", 5, 7, "steps[1]: Nothing comes after an abort.")]
    [InlineData("downtime:\n  ramped:\n    initial: 1min", 3, 3, "downtime.ramped.max: At least the initial 60 s was expected, not 900 ms.")]
    public void Each_error_has_its_place(string text, int line, int column, string message)
    {
        var error = Assert.Single(Errors("name: x\n" + text));

        Assert.Equal(new PolicyError("policy.yaml", line, column, message), error);
    }

    [Theory]
    [InlineData("", 1, 1, "A policy was expected, which begins with 'name: NAME'.")]
    [InlineData("# nothing", 1, 1, "A policy was expected, which begins with 'name: NAME'.")]
    [InlineData("nova", 1, 1, "A policy was expected, which begins with 'name: NAME'.")]
    [InlineData("- name: x", 1, 1, "A policy was expected, which begins with 'name: NAME'.")]
    [InlineData("description: no name", 1, 1, "'name' was expected here and is missing.")]
    [InlineData("name: ''", 1, 7, "name: A name was expected.")]
    [InlineData("name: x\n---\nname: y", 3, 1, "A file holds one policy; nothing was expected after it.")]
    [InlineData("name: x\nname: y", 2, 1, "This is not YAML: Duplicate key name")]
    [InlineData("name: x\n\tparallel: 2", 1, 7, null)]
    [InlineData("name: x\nstall: {", 2, 9, null)]
    [InlineData("name: 'x", 1, 7, null)]
    [InlineData("name: *x", 1, 7, "This is not YAML: There is no '&x' before this '*x'.")]
    public void A_text_that_is_no_policy(string text, int line, int column, string? message)
    {
        var error = Assert.Single(Errors(text));

        Assert.Equal((line, column), (error.Line, error.Column));
        if (message is null)
            Assert.StartsWith("This is not YAML: ", error.Message, StringComparison.Ordinal);
        else
            Assert.Equal(message, error.Message);
    }

    [Fact]
    public void All_errors_are_told_at_once_in_the_order_of_the_file()
    {
        var error = Assert.Throws<PolicyFormatException>(() => PolicyYaml.Parse("name: x\nzeroCopy: 1\ntyp: y\nparallel: z", "policy.yaml"));

        Assert.Equal([2, 3, 4], error.Errors.Select(one => one.Line));
        Assert.StartsWith("policy.yaml:2:11: zeroCopy: true or false was expected, not '1'.", error.Message, StringComparison.Ordinal);
        Assert.Equal("InvalidPolicy", error.Fault.Id);
    }

    [Fact]
    public void Text_that_is_nested_without_end_is_refused() =>
        Assert.Equal("This is not YAML: Nested too deep.", Assert.Single(Errors("name: " + new string('[', 100_000))).Message);

    [Fact]
    public void Whatever_a_slip_of_the_hand_makes_of_a_file_it_is_a_policy_or_an_error_with_a_place()
    {
        var random = new Random(7);
        var texts = BuiltInPolicies.All.Select(PolicyYaml.Write).ToArray();

        for (var slip = 0; slip < 5000; slip++)
        {
            var text = Slip(texts[random.Next(texts.Length)], random);
            try
            {
                Assert.Empty(PolicyYaml.Parse(text, "slip").Problems());
            }
            catch (PolicyFormatException error)
            {
                Assert.All(error.Errors, one => Assert.InRange(one.Line, 1, text.Count(letter => letter == '\n') + 1));
                Assert.All(error.Errors, one => Assert.True(one is { Column: >= 1, Message.Length: > 0 }));
            }
        }
    }

    [Fact]
    public void A_file_is_named_in_its_errors()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("policy").FullName, "mine.yaml");
        File.WriteAllText(path, "name: x\npost-copy: true\n");

        var error = Assert.Throws<PolicyFormatException>(() => PolicyFile.Read(path));

        Assert.StartsWith($"{path}:2:1: 'post-copy' is not known here. Did you mean 'postCopy'?", error.Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Novas_own_configuration_is_a_policy()
    {
        var folder = Directory.CreateTempSubdirectory("policy").FullName;
        File.WriteAllText(Path.Combine(folder, "nova.conf"), "[libvirt]\nlive_migration_downtime = 5000\n");

        Assert.Equal(
            new NovaConfiguration { Downtime = 5000 }.ToPolicy(),
            PolicyFile.Read(Path.Combine(folder, "nova.conf")));
        Directory.Delete(folder, recursive: true);
    }

    private static IReadOnlyList<PolicyError> Errors(string text) =>
        Assert.Throws<PolicyFormatException>(() => PolicyYaml.Parse(text, "policy.yaml")).Errors;

    /// <summary>A few letters lost, doubled, or replaced by those that mean something in YAML.</summary>
    private static string Slip(string text, Random random)
    {
        const string letters = ":-{}[],#&*!|>'\"%@` \n\tx0";
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(text.Length);
            var put = random.Next(3) switch
            {
                0 => "",
                1 => text[at] + text[at].ToString(),
                _ => letters[random.Next(letters.Length)].ToString(),
            };
            text = text[..at] + put + text[(at + 1)..];
        }

        return text;
    }
}
