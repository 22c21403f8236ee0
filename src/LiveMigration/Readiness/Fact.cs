namespace LiveMigration.Readiness;

/// <summary>Something that was asked of a host: the answer, or why there is none.</summary>
internal readonly record struct Fact<T>
{
    private readonly T? _value;

    private Fact(T? value, string? reason, bool untold) => (_value, Reason, IsUntold) = (value, reason, untold);

    /// <summary>Whether there is an answer.</summary>
    internal bool IsHad => Reason is null;

    /// <summary>Why there is no answer; null when there is one.</summary>
    internal string? Reason { get; }

    /// <summary>Whether there is no answer because such a host, over such a connection, never tells.</summary>
    internal bool IsUntold { get; }

    /// <summary>The answer. A check that needs one that is not there ends here, and is Unknown for the reason.</summary>
    /// <exception cref="MissingFactException">There is none.</exception>
    internal T Value => Reason is null ? _value! : throw new MissingFactException(Reason, IsUntold);

    /// <summary>A part of the answer.</summary>
    internal Fact<TPart> Map<TPart>(Func<T, TPart> part) =>
        Reason is null ? Fact<TPart>.Had(part(_value!)) : IsUntold ? Fact<TPart>.Untold(Reason) : Fact<TPart>.Failed(Reason);

    /// <summary>A part of the answer that may be missing itself.</summary>
    internal Fact<TPart> Bind<TPart>(Func<T, Fact<TPart>> part) =>
        Reason is null ? part(_value!) : IsUntold ? Fact<TPart>.Untold(Reason) : Fact<TPart>.Failed(Reason);

    internal static Fact<T> Had(T value) => new(value, null, false);

    /// <summary>It could have been had, and was not.</summary>
    internal static Fact<T> Failed(string reason) => new(default, reason, false);

    /// <summary>It is not available here.</summary>
    internal static Fact<T> Untold(string reason) => new(default, reason, true);
}

/// <summary>What a fact that is not there throws at the check that looks at it.</summary>
#pragma warning disable CA1032, CA1064 // Seen by ReadinessCheck and nobody else.
internal sealed class MissingFactException(string reason, bool untold) : Exception(reason)
#pragma warning restore CA1032, CA1064
{
    internal bool IsUntold => untold;
}
