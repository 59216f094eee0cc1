namespace Weft.Bpf.Links;

/// <summary>How tc programs hang on devices.</summary>
public enum TcAttachMode
{
    /// <summary>BPF links, from kernel 6.6: owned by descriptor or pin, replaced atomically, several programs in order.</summary>
    Tcx = 0,

    /// <summary>Filters of the clsact qdisc, on every kernel.</summary>
    Clsact = 1,
}
