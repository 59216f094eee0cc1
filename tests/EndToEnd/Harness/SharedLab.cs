using Weft.Lab.Topology;

namespace EndToEnd.Harness;

/// <summary>One lab of the default topology for all tests that only use it.</summary>
public sealed class SharedLab : IDisposable
{
    public SharedLab() => Lab.Up(LabTopology.DefaultText);

    internal RealLab Lab { get; } = new();

    public void Dispose() => Lab.Dispose();
}
