using System.Text;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Reads an array of typed parameters in place; allocates only what is asked for.</summary>
internal readonly unsafe ref struct TypedParameterReader(VirTypedParameter* parameters, int count)
{
    internal int Count => count;

    internal ReadOnlySpan<byte> Name(int index)
    {
        ReadOnlySpan<byte> field = new(&parameters[index].Field, 80);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    internal string NameText(int index) => Encoding.UTF8.GetString(Name(index));

    /// <summary>The value as a number; null when it is a string.</summary>
    internal long? Number(int index) => parameters[index].Type switch
    {
        TypedParameterType.Int => parameters[index].Value.Int,
        TypedParameterType.UInt => parameters[index].Value.UInt,
        TypedParameterType.LLong => parameters[index].Value.LLong,
        TypedParameterType.ULLong => unchecked((long)Math.Min(parameters[index].Value.ULLong, long.MaxValue)),
        TypedParameterType.Double => (long)parameters[index].Value.Double,
        TypedParameterType.Boolean => parameters[index].Value.Boolean,
        _ => null,
    };

    internal string? Text(int index) =>
        parameters[index].Type == TypedParameterType.String ? Native.PeekString(parameters[index].Value.String) : null;

    /// <summary>Finds a parameter by name, -1 when it is not there.</summary>
    internal int Find(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < count; index++)
        {
            if (Name(index).SequenceEqual(name))
                return index;
        }

        return -1;
    }

    internal long? Number(ReadOnlySpan<byte> name) => Find(name) is >= 0 and var index ? Number(index) : null;

    internal string? Text(ReadOnlySpan<byte> name) => Find(name) is >= 0 and var index ? Text(index) : null;
}

/// <summary><c>virTypedParameterType</c>.</summary>
internal static class TypedParameterType
{
    internal const int Int = 1;
    internal const int UInt = 2;
    internal const int LLong = 3;
    internal const int ULLong = 4;
    internal const int Double = 5;
    internal const int Boolean = 6;
    internal const int String = 7;
}
