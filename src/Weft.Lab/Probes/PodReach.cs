using Weft.Lab.Topology;

namespace Weft.Lab.Probes;

/// <summary>Whether one pod reaches another, as a probe found.</summary>
public sealed record PodReach(PodSpec Source, PodSpec Destination, EchoResult Result)
{
    public bool IsOnOneNode => Source.Node == Destination.Node;
}
