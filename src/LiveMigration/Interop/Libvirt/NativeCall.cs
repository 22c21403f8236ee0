using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Tracing;

namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// One call of libvirt: begun before it, ended with what it returned, on the same thread, where its error is read. C# evaluates what a
/// method is called on before its arguments, so <c>NativeCall.Begin(name, host).Check(Native.name(…))</c> times the call itself.
/// </summary>
internal readonly unsafe ref struct NativeCall
{
    private readonly string _function;
    private readonly string? _host;
    private readonly Activity? _span;

    private NativeCall(string function, string? host)
    {
        _function = function;
        _host = host;
        _span = Tracer.Call(function, "libvirt", host);
    }

    /// <summary>Begins a call.</summary>
    /// <param name="function">libvirt's name of it.</param>
    /// <param name="host">The host's name for messages.</param>
    internal static NativeCall Begin(string function, string? host) => new(function, host);

    /// <exception cref="LibvirtException">It is negative.</exception>
    internal int Check(int result) => result >= 0 ? End(result) : throw Failed();

    /// <exception cref="LibvirtException">It is null.</exception>
    internal string Check(byte* text) => text is null ? throw Failed() : Native.TakeString(End(text))!;

    /// <exception cref="LibvirtException">It is invalid.</exception>
    internal THandle Check<THandle>(THandle handle)
        where THandle : LibvirtHandle
    {
        if (!handle.IsInvalid)
        {
            _span?.Stop();
            return handle;
        }

        var exception = Failed();
        handle.Dispose();
        throw exception;
    }

    /// <summary>Passes on what the caller judges.</summary>
    internal int End(int result)
    {
        End(result < 0);
        return result;
    }

    /// <summary>Passes on what the caller judges.</summary>
    internal ulong End(ulong result)
    {
        End(failed: false);
        return result;
    }

    /// <summary>Passes on what the caller judges.</summary>
    internal nint End(nint result)
    {
        End(result == 0);
        return result;
    }

    /// <summary>Passes on what the caller judges.</summary>
    internal byte* End(byte* result)
    {
        End(result is null);
        return result;
    }

    private void End(bool failed)
    {
        if (_span is null)
            return;
        if (failed)
            _span.SetStatus(ActivityStatusCode.Error);
        _span.Stop();
    }

    private LibvirtException Failed()
    {
        var exception = LibvirtError.Last(_function, _host);
        // The code and not the words, which may repeat what was given.
        _span?.SetStatus(ActivityStatusCode.Error, exception.Code.ToString());
        _span?.Stop();
        return exception;
    }
}
