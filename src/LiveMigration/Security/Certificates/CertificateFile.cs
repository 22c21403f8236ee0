using LiveMigration.Errors;

namespace LiveMigration.Security.Certificates;

/// <summary>Writes PEM files: a key is never readable by anybody else, not even for the moment of its making.</summary>
internal static class CertificateFile
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Throws when one of the files is there and may not be replaced.</summary>
    internal static void MayWrite(IEnumerable<string> paths, bool replace)
    {
        var there = replace ? [] : paths.Where(File.Exists).ToArray();
        if (there.Length > 0)
            throw new LiveMigrationException(Faults.CertificateExists, $"A certificate or key already exists: {string.Join(", ", there)}.");
    }

    internal static void Write(string path, string pem, bool secret)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // Beside it and then over it: a reader meanwhile reads a whole file, and an old one's mode does not stay.
            var beside = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = secret ? Secret : Public;
            try
            {
                using (var writer = new StreamWriter(beside, options))
                    writer.Write(pem);
                File.Move(beside, path, overwrite: true);
            }
            catch
            {
                // No part of a key stays behind under a name that nobody looks for.
                File.Delete(beside);
                throw;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.CertificateNotWritable, $"'{path}' cannot be written: {error.Message}", innerException: error);
        }
    }
}
