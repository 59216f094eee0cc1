using Weft.Lab.State;
using Weft.Lab.Topology;

namespace EndToEnd.Harness;

/// <summary>Fails the run if a lab of it is still there when all tests are over.</summary>
public sealed class NothingLeft : IDisposable
{
    public void Dispose()
    {
        string mine = RealLab.NamePrefix;
        IEnumerable<string> labs = LabDirectory.List().Where(name => name.StartsWith(mine, StringComparison.Ordinal));
        IEnumerable<string> namespaces = Directory.Exists("/run/netns")
            ? Directory.EnumerateFiles("/run/netns").Where(path => path.Contains(LabNames.NetnsPrefixOf(mine)[..^1], StringComparison.Ordinal))
            : [];
        Assert.Empty(labs.Concat(namespaces));
    }
}
