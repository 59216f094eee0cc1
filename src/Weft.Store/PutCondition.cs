namespace Weft.Store;

/// <summary>What must be true of the key for a put to happen.</summary>
public readonly record struct PutCondition
{
    private readonly long _expected;

    private PutCondition(long expected) => _expected = expected;

    /// <summary>The last writer wins.</summary>
    public static readonly PutCondition Always;

    /// <summary>The key does not exist.</summary>
    public static readonly PutCondition Absent = new(-1);

    /// <summary>The entry was last modified at that revision: nobody wrote since it was read.</summary>
    public static PutCondition At(Revision revision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(revision.Value, 0);
        return new PutCondition(revision.Value);
    }

    /// <summary>The revision that the entry must have; null with <see cref="Always"/> and <see cref="Absent"/>.</summary>
    internal Revision? Expected => _expected > 0 ? new Revision(_expected) : null;

    public bool HoldsFor(Revision? modified) => _expected switch
    {
        0 => true,
        -1 => modified is null,
        _ => modified?.Value == _expected,
    };
}
