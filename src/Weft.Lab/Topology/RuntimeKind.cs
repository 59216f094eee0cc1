namespace Weft.Lab.Topology;

/// <summary>Container runtimes that a node of a lab can have.</summary>
public enum RuntimeKind
{
    /// <summary>None: all its pods are the lab's own.</summary>
    None,

    /// <summary>A daemon with a CRI socket, and runc.</summary>
    Containerd,

    /// <summary>Programs only, with crun or runc; containers get their network by CNI.</summary>
    Podman,
}
