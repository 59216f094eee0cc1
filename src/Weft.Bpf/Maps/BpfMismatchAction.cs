namespace Weft.Bpf.Maps;

/// <summary>What to do with a pinned map that does not fit the object.</summary>
public enum BpfMismatchAction
{
    /// <summary>The load fails with <see cref="BpfMapMismatchException"/> and changes nothing.</summary>
    Fail = 0,

    /// <summary>
    /// A new map takes over the name once all programs have loaded. Its contents are lost to the new programs;
    /// programs that are already attached go on with the old map until they are replaced.
    /// </summary>
    Recreate = 1,

    /// <summary>The pinned map is used although its capacity differs; any other difference fails all the same.</summary>
    KeepCapacity = 2,
}
