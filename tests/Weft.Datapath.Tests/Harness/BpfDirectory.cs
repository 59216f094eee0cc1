using Weft.Abi;
using Weft.Datapath.Loading;
using Weft.Datapath.Pinning;
using Weft.Linux.Mounts;

namespace Weft.Datapath.Tests.Harness;

/// <summary>A bpf file system of its own for one test, with the datapath's pins in it; gone after the test.</summary>
internal sealed class BpfDirectory : IDisposable
{
    private readonly string _mount = Directory.CreateTempSubdirectory("weft-datapath-").FullName;

    public BpfDirectory()
    {
        MountTable.MountBpf(_mount);
        Root = new BpfRoot(Path.Combine(_mount, "weft"));
        Directory.CreateDirectory(Root.Path);
    }

    public BpfRoot Root { get; }

    /// <summary>Maps that were found with another schema, as "name: differences".</summary>
    public List<string> Recreated { get; } = [];

    public LoadedDatapath Load() => Load(out _);

    public LoadedDatapath Load(out DatapathLoader loader)
    {
        loader = new DatapathLoader(Root, (name, differences) => Recreated.Add($"{name}: {string.Join("; ", differences)}"));
        return loader.Load(new DatapathConfig { TunnelPort = 8472, OverlayMtu = 1450, NodeId = 1 });
    }

    public void Dispose()
    {
        MountTable.Unmount(_mount);
        Directory.Delete(_mount);
    }
}
