using System.Net;
using Weft.Abi;
using Weft.Control.Services;
using Weft.Datapath.Loading;
using Weft.Datapath.Services;
using Weft.Datapath.Tests.Harness;
using Weft.Model.Services;
using Weft.Services;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Services;

/// <summary>On the kernel's maps: what is written is found again by the next agent, in both families.</summary>
public sealed class DatapathServiceMapsTests : IDisposable
{
    private readonly BpfDirectory _bpf = new();
    private readonly LoadedDatapath _datapath;

    public DatapathServiceMapsTests() => _datapath = _bpf.Load();

    public void Dispose()
    {
        _datapath.Dispose();
        _bpf.Dispose();
    }

    [KernelTheory]
    [InlineData("10.96.0.10", "10.0.1.7")]
    [InlineData("0.0.0.0", "10.0.1.7")]
    [InlineData("fd96::10", "fd00::7")]
    [InlineData("::", "fd00::7")]
    public void What_is_written_is_adopted_as_it_was(string address, string backend)
    {
        FrontendEntry entry = new(
            new FrontendKey(IPAddress.Parse(address), 30080, TransportProtocol.Udp), Id: 7,
            ServiceFlags.Dsr | ServiceFlags.SourceRanges | ServiceFlags.Maglev, AffinitySeconds: 600, Internal: [3], External: [3, 4]);
        Backend three = new(IPAddress.Parse(backend), 8080, TransportProtocol.Udp);
        Backend four = three with { Port = 8081 };
        using (ServiceEntries entries = new(_datapath.Maps))
        {
            DatapathServiceMaps maps = new(entries);
            maps.Adopt();
            maps.PutBackend(3, three);
            maps.PutBackend(4, four);
            maps.SetSourceRanges(7, [IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("2001:db8::/32")]);
            maps.PutMaglev(7, [.. MaglevTable.Build([three, four]).Select(index => index == 0 ? 3u : 4u)]);
            maps.PutFrontend(entry);
        }

        using ServiceEntries again = new(_datapath.Maps);
        ServiceMapContent found = new DatapathServiceMaps(again).Adopt();

        Assert.Equal(entry, Assert.Single(found.Frontends));
        Assert.Equal(new Dictionary<uint, Backend> { [3] = three, [4] = four }, found.Backends);
    }

    [KernelFact]
    public void Affinities_are_forgotten_by_frontend_and_backend()
    {
        using ServiceEntries entries = new(_datapath.Maps);
        for (uint backend = 1; backend <= 3; backend++)
        {
            AffinityKey client = new() { Client = WeftAddress.FromIPv4(backend), ServiceId = 7 };
            _datapath.Maps.Affinity.Update(client, new AffinityValue { BackendId = backend });
        }

        new DatapathServiceMaps(entries).ForgetAffinities((frontend, backend) => frontend == 7 && backend == 2);

        Assert.Equal([1u, 3u], _datapath.Maps.Affinity.Entries().Select(entry => entry.Value.BackendId).Order());
    }

    /// <summary>The map's own limit, not a pretended one.</summary>
    [KernelFact]
    public void The_message_of_a_full_map_says_so()
    {
        using ServiceEntries entries = new(_datapath.Maps);
        DatapathServiceMaps maps = new(entries);
        maps.Adopt();

        ServiceMapException refusal = Assert.Throws<ServiceMapException>(() =>
        {
            for (uint id = 1; id < 100_000; id++)
            {
                maps.PutBackend(id, new Backend(new IPAddress(id), 80, TransportProtocol.Tcp));
            }
        });

        Assert.True(refusal.IsFull, refusal.Message);
        Assert.Contains("weft_backends", refusal.Message);
    }
}
