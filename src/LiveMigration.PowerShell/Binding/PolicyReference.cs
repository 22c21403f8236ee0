using LiveMigration.Errors;
using LiveMigration.Monitoring.Policies;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A policy as a user names it: one that is built in, a file, or an object that is one.</summary>
public sealed class PolicyReference : IReference
{
    private readonly MigrationPolicy? _policy;

    /// <summary>A policy by what was typed.</summary>
    /// <param name="policy">The name of one that is built in, or the path of a file.</param>
    public PolicyReference(string policy)
    {
        Text = policy?.Trim() ?? "";
        _policy = BuiltInPolicies.Find(Text);
    }

    /// <summary>A policy in a file.</summary>
    /// <param name="file">The file.</param>
    public PolicyReference(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Text = file.FullName;
    }

    /// <summary>The policy itself.</summary>
    /// <param name="policy">The policy.</param>
    public PolicyReference(MigrationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Text = policy.Name;
        _policy = policy;
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The policy that is meant, checked.</summary>
    /// <param name="toPath">Makes a path of what was typed, and an error of that kind where it is none.</param>
    internal MigrationPolicy Resolve(Func<string, Fault, string> toPath)
    {
        var policy = _policy ?? Read(toPath(Text, CmdletFaults.PolicyNotFound));
        policy.Validate();
        return policy;
    }

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;

    private MigrationPolicy Read(string path)
    {
        if (!File.Exists(path))
            throw new LiveMigrationException(CmdletFaults.PolicyNotFound, $"'{Text}' is not a built-in policy, and the file {path} does not exist.{Hint()}");
        try
        {
            return PolicyFile.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(CmdletFaults.PolicyNotReadable, $"The policy cannot be read: {error.Message}", innerException: error);
        }
    }

    private string Hint() => NearNames.Ask(NearNames.Of(Text, BuiltInPolicies.All.Select(policy => policy.Name))) is { } near ? " " + near : "";
}
