namespace LiveMigration.Interop.Libvirt;

/// <summary>An array of typed parameters that libvirt allocates, made from named values.</summary>
internal sealed unsafe class TypedParameterList : IDisposable
{
    private VirTypedParameter* _parameters;
    private int _count;
    private int _capacity;

    /// <summary>Builds the array; a value is an int, a ulong, a string, or several strings.</summary>
    internal TypedParameterList(IEnumerable<KeyValuePair<string, object>> values)
    {
        // An error before libvirt is initialised ends the process.
        EventLoop.Ensure();
        try
        {
            foreach (var (name, value) in values)
                Add(name, value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal VirTypedParameter* Pointer => _parameters;

    internal uint Count => (uint)_count;

    public void Dispose()
    {
        Native.virTypedParamsFree(_parameters, _count);
        _parameters = null;
        _count = _capacity = 0;
    }

    private void Add(string name, object value)
    {
        _ = value switch
        {
            int number => Check(Native.virTypedParamsAddInt(ref _parameters, ref _count, ref _capacity, name, number)),
            ulong number => Check(Native.virTypedParamsAddULLong(ref _parameters, ref _count, ref _capacity, name, number)),
            string text => Check(Native.virTypedParamsAddString(ref _parameters, ref _count, ref _capacity, name, text)),
            // libvirt's lists are the same name several times.
            IEnumerable<string> list => list.Count(text =>
                Check(Native.virTypedParamsAddString(ref _parameters, ref _count, ref _capacity, name, text)) >= 0),
            _ => throw new ArgumentException($"'{name}' has a value of a type that libvirt does not accept: {value.GetType()}.", nameof(value)),
        };
    }

    private static int Check(int result) => result >= 0 ? result : throw LibvirtError.Last("virTypedParamsAdd", null);
}
