using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>
/// The command of a finding, as a person would type it. A shell runs it as it stands, with the ssh of the lab; of a cmdlet, what it says is
/// what is done or asked for.
/// </summary>
internal static partial class TypedCommand
{
    /// <summary>Does what it says.</summary>
    /// <returns>The options of a migration, where it is to be begun with other ones.</returns>
    internal static async Task<MigrationOptions?> RunAsync(string? text, LabHosts lab, string guest)
    {
        var words = Word().Matches(text ?? throw new InvalidOperationException("no command is given")).Select(match => match.Value).ToArray();
        switch (words)
        {
            case ["Start-VMLiveMigration", var name, "-Destination", "b", .. var options]:
                Assert.Equal(guest, name);
                return Options(options);
            case ["Stop-VMLiveMigration", var name]:
                await MigrationRuns.Of(await lab.A.GetDomainAsync(name))!.StopAsync();
                return null;
            default:
                await ShellAsync(text);
                return null;
        }
    }

    private static MigrationOptions Options(ReadOnlySpan<string> words) => words switch
    {
        [] => MigrationOptions.Default,
        ["-PostCopy", .. var rest] => Options(rest) with { PostCopy = true },
        ["-AllowStorageOvercommit", .. var rest] => Options(rest) with { Storage = new() { AllowOvercommit = true } },
        ["-AutoConverge", .. var rest] => Options(rest) with { AutoConverge = true },
        ["-Timeout", var time, .. var rest] => Options(rest) with { Timeout = Duration.Parse(time) },
        ["-Bandwidth", var bandwidth, .. var rest] => Options(rest) with { Bandwidth = Bandwidth.Parse(bandwidth) },
        ["-TlsName", var name, .. var rest] => Options(rest) with { TlsName = name },
        ["-CopyStorage", var copy, .. var rest] => Options(rest) with { Storage = new() { Copy = Enum.Parse<CopyStorage>(copy) } },
        ["-Parallel", var count, .. var rest] => Options(rest) with { Parallel = int.Parse(count, CultureInfo.InvariantCulture) },
        ["-Compression", var compression, .. var rest] => Options(rest) with { Compression = Enum.Parse<MigrationCompression>(compression) },
        ["-Mode", var mode, .. var rest] => Options(rest) with { Mode = Enum.Parse<MigrationMode>(mode) },
        ["-Tls", var tls, .. var rest] => Options(rest) with { Tls = Enum.Parse<MigrationTls>(tls) },
        ["-MigrationUri", var uri, .. var rest] => Options(rest) with { MigrationUri = uri },
        ["-ListenAddress", var address, .. var rest] => Options(rest) with { ListenAddress = address },
        ["-GraphicsListen", var address, .. var rest] => Options(rest) with { GraphicsListen = address },
        ["-DiskMap", var map, .. var rest] => Options(rest) with
        {
            DiskMap = Entry().Matches(map).ToDictionary(entry => entry.Groups[1].Value, entry => entry.Groups[2].Value),
        },
        _ => throw new InvalidOperationException($"'{string.Join(' ', words!)}' is not known here"),
    };

    private static async Task ShellAsync(string text)
    {
        var folder = Directory.CreateTempSubdirectory("fix");
        var ssh = HostUri.Parse(await LabHosts.UriAsync("b", "ssh")).Get("command");
        var shim = Path.Combine(folder.FullName, "ssh");
        await File.WriteAllTextAsync(shim, $"#!/bin/sh\nPATH={Environment.GetEnvironmentVariable("PATH")} exec {ssh} \"$@\"\n");
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = LabHosts.Client("bash", "-c", text);
        start.WorkingDirectory = folder.FullName;
        start.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = Process.Start(start)!;
        var said = shell.StandardError.ReadToEndAsync();
        await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await shell.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        folder.Delete(recursive: true);
        if (shell.ExitCode != 0)
            throw new InvalidOperationException($"'{text}' failed: {await said}");
    }

    [GeneratedRegex(@"@\{[^}]*\}|'[^']*'|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(\w+) = '([^']*)'")]
    private static partial Regex Entry();
}
