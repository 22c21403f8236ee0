using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Yaml;

namespace LiveMigration.PowerShell.Policy;

/// <summary>The file that gets a plan, too. A plan that a person has edited is not replaced unasked.</summary>
internal sealed class PlanFile
{
    private readonly OutputFile _file;
    private readonly bool _force;

    /// <exception cref="LiveMigration.Errors.LiveMigrationException">It could not be written: the hosts need not be asked.</exception>
    internal PlanFile(PSCmdlet cmdlet, string path, bool force, bool noClobber)
    {
        _file = new OutputFile(OutputFile.Locate(cmdlet, path), "The plan", CmdletFaults.PlanExists, CmdletFaults.PlanNotWritable);
        _force = force;
        _file.Check(noClobber);
    }

    internal async Task WriteAsync(EvacuationPlan plan, PipelineOutput output, CancellationToken cancellationToken)
    {
        var replaces = File.Exists(_file.Path);
        if (!await output.ShouldProcessAsync($"Write the plan to '{_file.Path}'{(replaces ? ", replacing the file" : "")}.", $"Write the plan to '{_file.Path}'?"))
            return;
        if (replaces && !_force && !(await output.ShouldContinueAsync($"'{_file.Path}' already exists. Replace it?") ?? throw _file.InTheWay()))
            return;
        await _file.WriteAsync(EvacuationPlanYaml.Write(plan), _force, cancellationToken);
    }
}
