using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// What is typed after a command into which VMs are piped. PowerShell gives the first of it to -Name, as it cannot know that the pipeline
/// brings the VMs: <c>Get-LibvirtDomain web1 | Set-MigrationBandwidth 5MiB/s</c> means the bandwidth. Each value belongs to the next parameter.
/// </summary>
internal static class TypedArguments
{
    /// <summary>Gives each value to the next parameter by position, up to the first one that was not typed.</summary>
    /// <param name="cmdlet">Has the parameters.</param>
    /// <param name="isTyped">Whether a parameter stands on the command line.</param>
    /// <returns>The parameter that had none.</returns>
    /// <exception cref="LiveMigrationException">There is none, so VMs are typed, too; or a value does not fit.</exception>
    internal static string MoveOn(PSCmdlet cmdlet, Func<string, bool> isTyped)
    {
        var bound = cmdlet.MyInvocation.BoundParameters;
        var parameters = Positional(cmdlet.GetType()).Where(parameter => !isTyped(parameter.Name) || IsPositional(bound, parameter.Name)).ToArray();
        var free = Array.FindIndex(parameters, parameter => !isTyped(parameter.Name));
        var first = (DomainReference[])bound["Name"];
        if (free < 0 || parameters[0].Name != "Name" || first.Any(vm => vm.Domain is not null || vm.NotDomain is not null))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"VMs were both named ({string.Join(", ", first.AsEnumerable())}) and piped in: do one or the other.");
        for (var place = free; place > 0; place--)
            Put(cmdlet, parameters[place], bound[parameters[place - 1].Name]);
        return parameters[free].Name;
    }

    /// <summary>The parameters without which a VM's name says too little, and which nothing gives a value.</summary>
    /// <param name="cmdlet">Has the parameters.</param>
    /// <param name="moved">The parameter that got what another one had; null when nothing was moved.</param>
    internal static IEnumerable<string> Missing(PSCmdlet cmdlet, string? moved) => cmdlet.GetType().GetProperties()
        .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter is { Mandatory: true, ParameterSetName: "Name" }))
        .Select(property => property.Name)
        .Where(name => name != "Name" && name != moved && !cmdlet.MyInvocation.BoundParameters.ContainsKey(name));

    /// <summary>The parameter that gets what is typed for another one where VMs are piped in; null where that is no such cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet's name.</param>
    /// <param name="parameter">The parameter by position.</param>
    internal static PropertyInfo? Next(string cmdlet, string parameter)
    {
        var type = typeof(TypedArguments).Assembly.GetTypes()
            .FirstOrDefault(type => type.GetCustomAttribute<CmdletAttribute>() is { } named && cmdlet.Equals($"{named.VerbName}-{named.NounName}", StringComparison.OrdinalIgnoreCase));
        if (type?.GetProperty("InputObject")?.PropertyType != typeof(DomainReference[]))
            return null;
        var parameters = Positional(type);
        return Array.FindIndex(parameters, property => property.Name == parameter) is >= 0 and var place && place + 1 < parameters.Length ? parameters[place + 1] : null;
    }

    /// <summary>Whether it was typed without its name; so it is taken to be where this PowerShell does not tell.</summary>
    private static bool IsPositional(Dictionary<string, object> bound, string parameter) =>
        bound.GetType().GetProperty("BoundPositionally")?.GetValue(bound) is not IEnumerable<string> positional || positional.Contains(parameter, StringComparer.OrdinalIgnoreCase);

    private static PropertyInfo[] Positional(Type cmdlet) =>
    [
        .. cmdlet.GetProperties()
            .Select(property => (property, position: property.GetCustomAttributes<ParameterAttribute>().Max(parameter => (int?)parameter.Position)))
            .Where(one => one.position >= 0).OrderBy(one => one.position).Select(one => one.property),
    ];

    private static void Put(PSCmdlet cmdlet, PropertyInfo parameter, object typed)
    {
        // As it was typed: a name is read as a text, and a list as a list.
        var value = typed is DomainReference[] names ? names.Length == 1 ? names[0].Text : Array.ConvertAll(names, object (name) => name.Text) : typed;
        // A number stays a number for a parameter of any type: 1GB as PowerShell counts it, and not as a text with a unit.
        if (value is string text && parameter.PropertyType == typeof(PSObject))
            value = Literal(text);
        try
        {
            foreach (var transformation in parameter.GetCustomAttributes<ArgumentTransformationAttribute>())
                value = transformation.Transform(null!, value);
            parameter.SetValue(cmdlet, LanguagePrimitives.ConvertTo(value, parameter.PropertyType, CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is ArgumentTransformationMetadataException or PSInvalidCastException)
        {
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"-{parameter.Name}: {error.Message}", innerException: error);
        }
    }

    /// <summary>What PowerShell makes of a word that is typed to a parameter of any type: a number, or the word itself; 1s, which it takes for a short one, is a second.</summary>
    private static object Literal(string word) =>
        Parser.ParseInput(word, out _, out var errors) is { EndBlock.Statements: [PipelineAst { PipelineElements: [CommandExpressionAst { Expression: ConstantExpressionAst constant }] }] }
        && errors.Length == 0 && constant.Value is int or long or double or decimal ? constant.Value : word;
}
