using System.Globalization;
using System.Numerics;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Migration.Parameters;

/// <summary>What a user gives for a parameter → what QEMU takes, or why it does not.</summary>
internal static class ParameterValue
{
    /// <summary>Reads and checks a value.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">A number, a truth, a text, a unit of this library, or a text of any of them.</param>
    /// <param name="all">All of the QEMU's parameters.</param>
    /// <returns>A <see cref="long"/>, a <see cref="bool"/> or a <see cref="string"/>.</returns>
    internal static object Read(MigrationParameter parameter, object value, IReadOnlyList<MigrationParameter> all)
    {
        if (parameter.SetWith is { } instead)
        {
            throw Error(
                Faults.SetByLibvirt, parameter, $"libvirt manages it and would overwrite the value. Use {instead} instead.");
        }

        return parameter.Type switch
        {
            QmpParameterKind.Number => InRange(Integer(parameter, value), parameter, all),
            QmpParameterKind.Boolean => Truth(parameter, value),
            QmpParameterKind.Choice => Choice(parameter, value),
            QmpParameterKind.Text => value as string ?? throw Wrong(parameter, value, "text"),
            _ => throw Error(Faults.NotSupported, parameter, "its value is a structure, which cannot be set here."),
        };
    }

    private static long Integer(MigrationParameter parameter, object value) => value switch
    {
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal
            when Whole(value) is { } number => number,
        string text when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
        string text when WithUnit(parameter.Unit, text.Trim()) is { } number => number,
        TimeSpan time when parameter.Unit is MigrationParameterUnit.Milliseconds => (long)time.TotalMilliseconds,
        Duration time when parameter.Unit is MigrationParameterUnit.Milliseconds => time.Milliseconds,
        ByteSize size when parameter.Unit is MigrationParameterUnit.Bytes => size.Bytes,
        Bandwidth { IsUnlimited: false } rate when parameter.Unit is MigrationParameterUnit.BytesPerSecond => rate.BytesPerSecond,
        _ => throw Wrong(parameter, value, parameter.Unit switch
        {
            MigrationParameterUnit.Bytes => "a size, such as 64MiB or a number of bytes",
            MigrationParameterUnit.BytesPerSecond => "a rate, such as 100MiB/s or a number of bytes per second",
            MigrationParameterUnit.Milliseconds => "a time, such as 200ms or a number of milliseconds",
            MigrationParameterUnit.Percent => "a whole number of percent",
            _ => "a whole number",
        }),
    };

    private static long? Whole(object value)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return double.IsInteger(number) && Math.Abs(number) < long.MaxValue ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
    }

    private static long? WithUnit(MigrationParameterUnit unit, string text)
    {
        try
        {
            return unit switch
            {
                MigrationParameterUnit.Bytes => ByteSize.Parse(text).Bytes,
                MigrationParameterUnit.BytesPerSecond => Bandwidth.Parse(text) is { IsUnlimited: false } rate ? rate.BytesPerSecond : null,
                MigrationParameterUnit.Milliseconds => Duration.Parse(text).Milliseconds,
                MigrationParameterUnit.Percent when text.EndsWith('%') => long.Parse(text[..^1].Trim(), CultureInfo.InvariantCulture),
                _ => null,
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static long InRange(long number, MigrationParameter parameter, IReadOnlyList<MigrationParameter> all)
    {
        var known = KnownParameter.Of(parameter.Parameter);
        var other = known.NotBelow is { } name ? all.FirstOrDefault(one => one.Parameter == name) : null;
        // QEMU takes no negative number for any of them.
        var least = Math.Max(parameter.Minimum ?? 0, other?.Value as long? ?? 0);
        if (number < least || number > (parameter.Maximum ?? long.MaxValue))
        {
            var what = other is null ? parameter.Show(least) : $"{parameter.Show(least)} ({other.Parameter})";
            var range = parameter.Maximum is { } most ? $"{what} to {parameter.Show(most)}" : $"{what} or more";
            throw Error(Faults.OutOfRange, parameter, $"valid values are {range}, not {parameter.Show(number)}.");
        }

        if (known.PowerOfTwo && !BitOperations.IsPow2(number))
            throw Error(Faults.OutOfRange, parameter, $"the value must be a power of two, not {number}.");
        return number;
    }

    private static bool Truth(MigrationParameter parameter, object value) => value switch
    {
        bool truth => truth,
        string text when text.Trim().ToLowerInvariant() is "true" or "on" => true,
        string text when text.Trim().ToLowerInvariant() is "false" or "off" => false,
        _ => throw Wrong(parameter, value, "true or false"),
    };

    private static string Choice(MigrationParameter parameter, object value)
    {
        var text = value as string;
        if (parameter.Choices.FirstOrDefault(one => one.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } choice)
            return choice;
        var hint = NearNames.Ask(NearNames.Of(text ?? "", parameter.Choices));
        throw Wrong(parameter, value, $"one of {string.Join(", ", parameter.Choices)}", hint);
    }

    private static LiveMigrationException Wrong(MigrationParameter parameter, object value, string wanted, string? hint = null) => Error(
        Faults.WrongType,
        parameter,
        $"the value must be {wanted}, not '{Convert.ToString(value, CultureInfo.InvariantCulture)}'.{(hint is null ? "" : $" {hint}")}");

    private static LiveMigrationException Error(Fault fault, MigrationParameter parameter, string why) =>
        new(fault, $"{parameter.HostName}: {parameter.Name}: {parameter.Parameter}: {why}", parameter.HostName);
}
