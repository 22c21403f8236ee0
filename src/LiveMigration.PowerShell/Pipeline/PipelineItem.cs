using System.Management.Automation;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>One thing to be written on the pipeline thread.</summary>
/// <param name="Write">Writes it.</param>
/// <param name="TakesRoom">Whether the work waits when too many of these are not written yet.</param>
/// <param name="AlsoAfterStop">Whether it is written although the pipeline is stopping.</param>
internal readonly record struct PipelineItem(Action<PSCmdlet> Write, bool TakesRoom = false, bool AlsoAfterStop = false);
