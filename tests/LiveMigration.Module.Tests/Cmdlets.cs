using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>The module's cmdlets as PowerShell sees them.</summary>
internal static class Cmdlets
{
    public static IReadOnlyList<Described> All { get; } = Read();

    public static Described Find(string name) => All.Single(cmdlet => cmdlet.Name == name);

    private static Described[] Read()
    {
        string[] common = [.. Cmdlet.CommonParameters, .. Cmdlet.OptionalCommonParameters];
        using var shell = new Shell();
        return [.. shell.Run("Get-Command -Module LiveMigration -CommandType Cmdlet").Clean
            .Select(command => (CmdletInfo)command.BaseObject)
            .Select(command => new Described(command.Name, [.. command.Parameters.Values.Where(parameter => !common.Contains(parameter.Name)).Select(parameter => new Parameter(
                parameter.Name,
                parameter.ParameterType,
                [.. parameter.Aliases],
                parameter.ParameterSets.Values.Any(set => set.ValueFromPipeline || set.ValueFromPipelineByPropertyName),
                parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName),
                parameter.ParameterSets.Any(set => set.Value.IsMandatory && (set.Key == "__AllParameterSets" || set.Key == command.DefaultParameterSet))))]))];
    }

    internal sealed record Described(string Name, IReadOnlyList<Parameter> Parameters);

    internal sealed record Parameter(string Name, Type Type, string[] Aliases, bool FromPipeline, bool ByPropertyName, bool Mandatory);
}
