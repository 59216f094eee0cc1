using Weft.Bpf.Links;

namespace Weft.Datapath.Pinning;

/// <summary>The directory in a bpf file system that holds what outlives the agent: maps by name, links by device and direction.</summary>
public sealed record BpfRoot(string Path)
{
    public string Maps => System.IO.Path.Combine(Path, "maps");

    public string Links => System.IO.Path.Combine(Path, "links");

    public string Map(string name) => System.IO.Path.Combine(Maps, name);

    public string Link(string device, TcDirection direction) =>
        System.IO.Path.Combine(Links, device + (direction == TcDirection.Ingress ? "_ingress" : "_egress"));
}
