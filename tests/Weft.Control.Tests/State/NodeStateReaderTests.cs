using System.Net;
using Weft.Control.Node;
using Weft.Control.State;
using Weft.Control.Tests.Endpoints;
using Weft.Datapath;
using Weft.Datapath.Pinning;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Store;

namespace Weft.Control.Tests.State;

public sealed class NodeStateReaderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("weft-state-").FullName;
    private readonly StateDirectory _state;

    public NodeStateReaderTests() => _state = new StateDirectory(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void What_was_settled_stays()
    {
        (NodeState first, bool isFirst) = NodeStateReader.Settle(_state, Settings("10.0.1.0/24"));
        (NodeState again, bool isFirstAgain) = NodeStateReader.Settle(_state, Settings("10.0.1.0/24"));

        Assert.True(isFirst);
        Assert.False(isFirstAgain);
        Assert.Equal(first, again);
        Assert.Equal(IPAddress.Parse("10.0.1.1"), first.Router);
    }

    [Fact]
    public void Another_range_has_another_router_while_no_pod_depends_on_the_old_one()
    {
        NodeStateReader.Settle(_state, Settings("10.0.1.0/24"));

        Assert.Equal(IPAddress.Parse("10.9.0.1"), NodeStateReader.Settle(_state, Settings("10.9.0.0/24")).State.Router);
    }

    [Fact]
    public void Another_range_is_refused_while_a_pod_depends_on_the_old_one()
    {
        NodeStateReader.Settle(_state, Settings("10.0.1.0/24"));
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(7)));

        DatapathException error = Assert.Throws<DatapathException>(() => NodeStateReader.Settle(_state, Settings("10.9.0.0/24")));

        Assert.Contains("--pod-cidr 10.9.0.0/24 (was 10.0.1.0/24)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_a_version_without_ipv6_gets_it_and_keeps_its_pods()
    {
        NodeStateReader.Settle(_state, Settings("10.0.1.0/24"));
        string file = Path.Combine(_path, NodeState.FileName);
        File.WriteAllLines(file, File.ReadAllLines(file).Where(line => !line.Contains("6\":", StringComparison.Ordinal)));
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(7)));

        (NodeState state, bool isFirst) = NodeStateReader.Settle(_state, Settings("10.0.1.0/24", "fd00:10:0:1::/64"));

        Assert.False(isFirst);
        Assert.Equal(IPAddress.Parse("10.0.1.1"), state.Router);
        Assert.Equal(IPAddress.Parse("fd00:10:0:1::1"), state.Router6);
    }

    [Theory]
    [InlineData("fd00:10:0:9::/64")]
    [InlineData(null)]
    public void Another_or_no_ipv6_range_is_refused_while_a_pod_may_depend_on_the_old_one(string? after)
    {
        NodeStateReader.Settle(_state, Settings("10.0.1.0/24", "fd00:10:0:1::/64"));
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(7)));

        DatapathException error = Assert.Throws<DatapathException>(() => NodeStateReader.Settle(_state, Settings("10.0.1.0/24", after)));

        Assert.Contains($"--pod-cidr {after ?? "without IPv6"} (was fd00:10:0:1::/64)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_told_and_not_overwritten()
    {
        string file = Path.Combine(_path, NodeState.FileName);
        File.WriteAllText(file, "{ \"node\":");

        Assert.Throws<DatapathException>(() => NodeStateReader.Settle(_state, Settings("10.0.1.0/24")));
        Assert.Equal("{ \"node\":", File.ReadAllText(file));
    }

    private NodeSettings Settings(string podCidr, string? podCidr6 = null) => new()
    {
        Name = NodeName.Parse("bpf1"),
        Cluster = ClusterName.Default,
        Address = IPAddress.Parse("192.168.2.61"),
        Device = "ens3",
        PodCidr = PodCidr.Parse(podCidr),
        PodCidr6 = podCidr6 is null ? null : PodCidr.Parse(podCidr6),
        TunnelPort = 8472,
        Store = StoreLocation.Sqlite("/nowhere/store.db"),
        StateDirectory = _path,
        DeferredDeletions = "/nowhere",
        BpfRoot = new BpfRoot("/sys/fs/bpf/weft"),
    };
}
