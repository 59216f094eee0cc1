namespace Weft.Store;

/// <summary>A write and the condition under which it happens.</summary>
public sealed record StorePut(string Key, ReadOnlyMemory<byte> Value)
{
    public PutCondition Condition { get; init; } = PutCondition.Always;

    /// <summary>What else must be so; null: nothing.</summary>
    public StoreGuard? Guard { get; init; }

    /// <summary>The key vanishes with this lease. A put without one makes a leased key permanent.</summary>
    public IStoreLease? Lease { get; init; }
}
