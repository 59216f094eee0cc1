using System.Net;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;
using Weft.Datapath.Services;
using Weft.Datapath.Tests.Harness;

namespace Weft.Datapath.Tests.Services;

/// <summary>A node's maps and a writer of services on them, adopted and empty.</summary>
internal sealed class ServiceFixture : IDisposable
{
    private readonly BpfDirectory _bpf = new();
    private readonly LoadedDatapath _datapath;

    public ServiceFixture()
    {
        _datapath = _bpf.Load();
        Entries = Restart();
    }

    public ServiceEntries Entries { get; private set; }

    /// <summary>What the last adoption found.</summary>
    public ServiceSnapshot Found { get; private set; } = null!;

    public DatapathMaps Maps => _datapath.Maps;

    /// <summary>Another process takes over.</summary>
    public ServiceEntries Restart()
    {
        Entries?.Dispose();
        Entries = new ServiceEntries(Maps);
        Found = Entries.Adopt();
        return Entries;
    }

    public Dictionary<string, BpfMap> OpenPinned(params string[] names) =>
        names.ToDictionary(name => name, name => BpfMap.OpenPinned(_bpf.Root.Map(name)));

    /// <summary>Backends 1 to <paramref name="count"/>, each with an address of its own.</summary>
    public void PutBackends(int count)
    {
        for (uint id = 1; id <= count; id++)
        {
            Entries.PutBackend(id, new BackendValue { Addr = WeftAddress.FromIPv4(0x0a000000 + id), Port = 8080, Proto = 6 });
        }
    }

    public static ServiceKey Key(string endpoint)
    {
        IPEndPoint parsed = IPEndPoint.Parse(endpoint);
        return new ServiceKey { Addr = WeftAddress.From(parsed.Address), Port = (ushort)parsed.Port, Proto = 6 };
    }

    public void Dispose()
    {
        Entries.Dispose();
        _datapath.Dispose();
        _bpf.Dispose();
    }
}
