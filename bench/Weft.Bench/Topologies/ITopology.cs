namespace Weft.Bench.Topologies;

/// <summary>Two nodes on one machine, as network namespaces joined by a bridge, with a pod on each; torn down by Dispose.</summary>
internal interface ITopology : IDisposable
{
    /// <summary>What the tables call it.</summary>
    string Name { get; }

    PodPair Pods { get; }
}
