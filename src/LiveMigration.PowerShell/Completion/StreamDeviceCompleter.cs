using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Streams;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes the devices of the stream that the command line names, if that can be read in a second.</summary>
internal sealed class StreamDeviceCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] PathParameters = ["Path", "LiteralPath", "PSPath", "LP"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var path = PathParameters.Select(name => fakeBoundParameters[name]).First(value => value is not null);
            var located = ScriptBlock.Create("param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath(@($path)[0])").Invoke(path)[0];
            using var patience = new CancellationTokenSource(Patience);
            var stream = MigrationStreamReader.Read(located.ToString(), cancellationToken: patience.Token);
            return [.. stream.Sections.Where(section => !section.IsLive && Completions.Matches(section.Name, wordToComplete))
                .DistinctBy(section => section.Name)
                .Select(section => Completions.Result(section.Name, $"version {section.Version}, {section.Length} bytes"))];
        }
        catch (Exception) // A completer has nobody to tell.
        {
            return [];
        }
    }
}
