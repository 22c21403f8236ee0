using LiveMigration.Errors;

namespace LiveMigration.PowerShell.Policy;

/// <summary>A file → what it says.</summary>
internal static class YamlFile
{
    /// <param name="path">The file.</param>
    /// <param name="what">What it should hold, for example <c>The plan</c>.</param>
    /// <param name="fault">What it is when it cannot be read.</param>
    /// <param name="parse">Makes it of the text and the name to use for it in errors.</param>
    /// <exception cref="LiveMigrationException">It cannot be read, or something is wrong with it.</exception>
    internal static T Read<T>(string path, string what, Fault fault, Func<string, string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(fault, $"{what} cannot be read: {error.Message}", innerException: error);
        }
    }
}
