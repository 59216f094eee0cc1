namespace Weft.Abi;

/// <summary>Names of the files in bpf/ that a drop event can point at.</summary>
public static class SourceFiles
{
    /// <summary>File name without folder; <c>unknown(N)</c> for a number that this version does not know.</summary>
    public static string Name(SourceFile file) => file switch
    {
        SourceFile.Host => "host.bpf.c",
        SourceFile.Pod => "pod.bpf.c",
        SourceFile.Overlay => "overlay.bpf.c",
        SourceFile.Sock => "sock.bpf.c",
        SourceFile.Netdev => "netdev.bpf.c",
        SourceFile.Conntrack => "conntrack.h",
        SourceFile.Answer => "answer.h",
        SourceFile.Encap => "encap.h",
        SourceFile.Packet => "packet.h",
        SourceFile.Deliver => "deliver.h",
        SourceFile.Arp => "arp.h",
        SourceFile.Fragments => "fragments.h",
        SourceFile.Nat => "nat.h",
        SourceFile.Services => "services.h",
        SourceFile.Route => "route.h",
        SourceFile.Nd => "nd.h",
        SourceFile.Hold => "hold.h",
        SourceFile.Policy => "policy.h",
        SourceFile.Rewrite => "rewrite.h",
        _ => $"unknown({(byte)file})",
    };
}
