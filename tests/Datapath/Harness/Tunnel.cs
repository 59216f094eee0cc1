using System.Runtime.InteropServices;

namespace Datapath.Harness;

/// <summary>What the outer headers of an overlay packet said: struct weft_test_tunnel of bpf/tests/tunnel.bpf.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Tunnel(uint Identity, uint Sender)
{
    /// <summary>From a known node, for a pod of its.</summary>
    public static Tunnel From(Pod pod) => new(pod.Identity, Node.Number(Node.West));
}
