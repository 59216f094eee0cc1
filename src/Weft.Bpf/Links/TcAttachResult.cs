namespace Weft.Bpf.Links;

/// <summary>What <see cref="TcAttacher.Attach"/> had to do.</summary>
public enum TcAttachResult
{
    /// <summary>The same program was attached already (TCX only; a clsact filter is always replaced).</summary>
    Unchanged = 0,

    /// <summary>Another program was attached, and gave way.</summary>
    Replaced = 1,

    /// <summary>There was no attachment of ours.</summary>
    Attached = 2,
}
