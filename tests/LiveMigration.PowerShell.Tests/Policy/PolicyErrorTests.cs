using LiveMigration.Monitoring.Policies;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Yaml;

namespace LiveMigration.PowerShell.Tests.Policy;

/// <summary>Bad YAML: file, line, column, what was expected.</summary>
public sealed class PolicyErrorTests
{
    [Theory]
    // Values of the wrong type.
    [InlineData("autoConverge: yes", 2, 15, "autoConverge: expected true or false, not 'yes'.")]
    [InlineData("parallel: four", 2, 11, "parallel: expected an integer, not 'four'.")]
    [InlineData("parallel: [4]", 2, 11, "parallel: expected an integer.")]
    [InlineData("parallel:", 2, 10, "parallel: expected an integer.")]
    [InlineData("postCopy: ~", 2, 11, "postCopy: expected true or false.")]
    [InlineData("downtime: 5 parsecs", 2, 11, "downtime: expected a time with a unit, such as 300ms, 1.5s, 10min or 2h, not '5 parsecs'.")]
    [InlineData("downtime: 500", 2, 11, "downtime: expected a time with a unit, such as 300ms, 1.5s, 10min or 2h, not '500'.")]
    [InlineData("progressTimeout: {}", 2, 18, "progressTimeout: expected a time with a unit, such as 300ms, 1.5s, 10min or 2h.")]
    [InlineData("bandwidth: fast", 2, 12, "bandwidth: expected a bandwidth such as 500MiB/s, 4Gbit/s, 500 (MiB/s) or max, not 'fast'.")]
    [InlineData("compression: gzip", 2, 14, "compression: expected one of none, xbzrle, mt, zlib, zstd, not 'gzip'.")]
    [InlineData("compression: 1", 2, 14, "compression: expected one of none, xbzrle, mt, zlib, zstd, not '1'.")]
    [InlineData("dataSize: big", 2, 11, "dataSize: expected one of exact, atLeastTwoGiBEach, wholeGigabytes, not 'big'.")]
    [InlineData("timeout: 5min", 2, 10, "timeout: expected names with values.")]
    [InlineData("downtime: [1s]", 2, 11, "downtime: expected names with values.")]
    [InlineData("timeout: { after: 1h, abortAtFactor: much }", 2, 38, "abortAtFactor: expected a number, not 'much'.")]
    [InlineData("timeout: { after: 1h, action: panic }", 2, 31, "action: expected one of abort, suspend, postCopy, forceComplete, not 'panic'.")]
    [InlineData("convergence: { steps: abort }", 2, 23, "steps: expected a list.")]
    [InlineData("convergence: { steps: [abort] }", 2, 24, "steps: expected names with values.")]
    [InlineData("? [a]\n: b", 2, 3, "Expected a name here.")]
    // Names that are not known, missing, or too many.
    [InlineData("timeout: { after: 1h, acton: abort }", 2, 23, "'acton' is not a known setting here. Did you mean 'action'?")]
    [InlineData("timeout: { after: 1h, margin: 4 }", 2, 23, "'margin' is not a known setting here. Expected: perGiB, after, action, abortAtFactor.")]
    [InlineData("downtime:\n  linear:\n    max: 500ms\n    steps: 10", 4, 5, "'delayPerGiB' is missing.")]
    [InlineData("downtime: { linear: {}, doubling: {} }", 2, 11, "Expected exactly one of linear, ramped, doubling.")]
    [InlineData("convergence:\n  steps:\n    - afterIteration: 1", 4, 7, "Expected exactly one of downtime, bandwidth, action.")]
    [InlineData("convergence: {}", 2, 14, "steps: expected a list.")]
    // Well written, and yet impossible.
    [InlineData("parallel: 999", 2, 11, "parallel: Expected 1 to 255 connections.")]
    [InlineData("downtime: 1h", 2, 11, "downtime: Expected 1 ms to 2000 s, not 01:00:00.")]
    [InlineData("timeout:\n  action: abort", 2, 1, "timeout: Expected either 'perGiB' or 'after'.")]
    [InlineData("timeout:\n  after: 1h\n  action: postCopy", 4, 11, "action: Post-copy must be permitted: add 'postCopy: true'.")]
    [InlineData("convergence:\n  steps:\n    - { action: abort }\n    - { action: abort }", 5, 7, "steps[1]: No step can follow an abort.")]
    [InlineData("downtime:\n  ramped:\n    initial: 1min", 3, 3, "downtime.ramped.max: Expected at least the initial 60 s, not 900 ms.")]
    public void Each_error_has_its_place(string text, int line, int column, string message)
    {
        var error = Assert.Single(Errors("name: x\n" + text));

        Assert.Equal(new PolicyError("policy.yaml", line, column, message), error);
    }

    [Theory]
    [InlineData("", 1, 1, "Expected a policy that starts with 'name: NAME'.")]
    [InlineData("# nothing", 1, 1, "Expected a policy that starts with 'name: NAME'.")]
    [InlineData("nova", 1, 1, "Expected a policy that starts with 'name: NAME'.")]
    [InlineData("- name: x", 1, 1, "Expected a policy that starts with 'name: NAME'.")]
    [InlineData("description: no name", 1, 1, "'name' is missing.")]
    [InlineData("name: ''", 1, 7, "name: Expected a name.")]
    [InlineData("name: x\n---\nname: y", 3, 1, "A file contains one policy; remove what follows it.")]
    [InlineData("name: x\nname: y", 2, 1, "Invalid YAML: Duplicate key name")]
    [InlineData("name: x\n\tparallel: 2", 1, 7, null)]
    [InlineData("name: x\nstall: {", 2, 9, null)]
    [InlineData("name: 'x", 1, 7, null)]
    [InlineData("name: *x", 1, 7, "Invalid YAML: '*x' refers to an anchor '&x' that does not exist before it.")]
    public void A_text_that_is_no_policy(string text, int line, int column, string? message)
    {
        var error = Assert.Single(Errors(text));

        Assert.Equal((line, column), (error.Line, error.Column));
        if (message is null)
            Assert.StartsWith("Invalid YAML: ", error.Message, StringComparison.Ordinal);
        else
            Assert.Equal(message, error.Message);
    }

    [Fact]
    public void All_errors_are_told_at_once_in_the_order_of_the_file()
    {
        var error = Assert.Throws<PolicyFormatException>(() => PolicyYaml.Parse("name: x\nzeroCopy: 1\ntyp: y\nparallel: z", "policy.yaml"));

        Assert.Equal([2, 3, 4], error.Errors.Select(one => one.Line));
        Assert.StartsWith("policy.yaml:2:11: zeroCopy: expected true or false, not '1'.", error.Message, StringComparison.Ordinal);
        Assert.Equal("InvalidPolicy", error.Fault.Id);
    }

    [Fact]
    public void Text_that_is_nested_without_end_is_refused() =>
        Assert.Equal("Invalid YAML: The content is nested too deeply.", Assert.Single(Errors("name: " + new string('[', 100_000))).Message);

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

        Assert.StartsWith($"{path}:2:1: 'post-copy' is not a known setting here. Did you mean 'postCopy'?", error.Message, StringComparison.Ordinal);
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
