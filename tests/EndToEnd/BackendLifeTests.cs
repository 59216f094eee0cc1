using System.Globalization;
using EndToEnd.Harness;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Backends come and go while clients use them.</summary>
public sealed class BackendLifeTests : IDisposable
{
    private const int Connections = 24;

    private readonly RealLab _lab = new();
    private readonly List<EchoServer> _servers = [];

    /// <summary>One backend in the east, one or two in the west.</summary>
    private static readonly ServiceManifest s_two =
        new("web", "10.96.0.1", "fd96::1", "10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1", "10.0.0.45@bpf2", "fd00:10::45@bpf2") { NodePort = 30080 };

    private static readonly ServiceManifest s_one = s_two with { Backends = ["10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1"] };

    public BackendLifeTests()
    {
        _lab.Up(LabTopology.DefaultText);
        Serve(Pods.East);
        Serve(Pods.Web);
    }

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        _lab.Dispose();
    }

    /// <summary>East terminates, then goes; West takes its place. Connections to Web never notice, those to East end only with it.</summary>
    [KernelTheory]
    [InlineData(Pods.West, false, "10.96.0.1", 80)]
    [InlineData(Pods.West, true, "fd96::1", 80)]
    [InlineData(Pods.Outside, false, "192.168.2.62", 30080)]
    [InlineData(Pods.Outside, false, "fd00:c0a8:2::62", 30080)]
    public void Rolling_a_backend_under_load_breaks_no_connection_to_another(string from, bool byPacket, string address, int port)
    {
        _lab.Apply(s_two);
        using EchoServer west = new(_lab.Member(Pods.West), ServicePorts.Target);
        using Caller load = StartCaller(from, byPacket);
        using Caller late = StartCaller(from, byPacket);
        string[] before = load.Do(Invariant($"load {Connections} {address} {port}")).Values["servers"].Split(',');
        Assert.Equal([Pods.East, Pods.Web], before.Distinct().Order());

        _lab.Apply(s_two with { Backends = ["10.0.1.180@bpf1!", "fd00:10:0:1::180@bpf1!", .. s_two.Backends[2..], "10.0.0.23@bpf2", "fd00:10::23@bpf2"] });
        Assert.Equal([Pods.West, Pods.Web], ServersOf(late, address, port));
        _lab.Apply(s_two with { Backends = [.. s_two.Backends[2..], "10.0.0.23@bpf2", "fd00:10::23@bpf2"] });
        Assert.Equal([Pods.West, Pods.Web], ServersOf(late, address, port));
        string[][] flows = [.. load.Do("unload").Values["flows"].Split(',').Select(flow => flow.Split('/'))];

        Assert.All(flows.Where(flow => flow[0] == Pods.Web), flow => Assert.Equal("none", flow[2]));
        Assert.All(flows, flow => Assert.NotEqual("ETIMEDOUT", flow[2]));
    }

    [KernelTheory]
    [InlineData(Pods.West, false, "10.96.0.1", 80)]
    [InlineData(Pods.West, false, "fd96::1", 80)]
    [InlineData(Pods.West, true, "10.96.0.1", 80)]
    [InlineData(Pods.West, true, "fd96::1", 80)]
    [InlineData(Pods.EastNode, false, "10.96.0.1", 80)]
    [InlineData(Pods.EastNode, false, "fd96::1", 80)]
    [InlineData(Pods.Outside, false, "192.168.2.61", 30080)]
    [InlineData(Pods.Outside, false, "fd00:c0a8:2::61", 30080)]
    [InlineData(Pods.Outside, false, "192.168.2.62", 30080)]
    [InlineData(Pods.Outside, false, "fd00:c0a8:2::62", 30080)]
    public void A_client_of_a_backend_that_is_deleted_is_told(string from, bool byPacket, string address, int port)
    {
        _lab.Apply(s_two);
        using Caller caller = StartCaller(from, byPacket);
        OpenTo(caller, Pods.Web, "tcp", address, port);
        OpenTo(caller, Pods.Web, "sendto", address, port);

        _lab.Apply(s_one);
        _lab.Up(Without(Pods.Web));

        Assert.Equal(Pods.East, caller.Do("say sendto 10").Server);
        // At the socket it is told at once; by packet with its next segment.
        Answer answer = caller.Try("say tcp 10");
        Assert.Contains(answer.Error, new[] { "ECONNRESET", "ECONNABORTED", "EPIPE" });
        Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(Pods.East, caller.Call("tcp", address, port).Server);
    }

    /// <summary>The next pod with the address is somebody else: nothing of the first one's flows may reach it, and it starts anew.</summary>
    [KernelFact]
    public void A_pod_that_gets_the_address_of_another_has_none_of_its_flows()
    {
        using Caller client = Caller.Start(_lab.Member(Pods.East));
        using Caller outgoing = Caller.Start(_lab.Member(Pods.Web));
        using EchoServer outside = new(_lab.Member(Pods.Outside), ServicePorts.Target);
        client.Do($"open before tcp {_lab.Addresses(Pods.Web)[0]} {ServicePorts.Target}");
        outgoing.Call("udp", _lab.Addresses(Pods.Outside)[0], ServicePorts.Target);
        uint identity = _lab.Identity(Pods.Web);

        _lab.Up(LabTopology.DefaultText.Replace("web-k9x2p", "next", StringComparison.Ordinal).Replace("app: web", "app: next", StringComparison.Ordinal));
        Serve("next");

        Assert.NotEqual(identity, _lab.Identity("next"));
        Assert.Contains(client.Try("say before 10").Error, new[] { "ECONNRESET", "EPIPE" });
        Assert.Equal("next", client.Call("tcp", "10.0.0.45", ServicePorts.Target).Server);
        Assert.Equal("next", client.Call("tcp", "fd00:10::45", ServicePorts.Target).Server);
        using Caller next = Caller.Start(_lab.Member("next"));
        Assert.Equal(Pods.Outside, next.Call("udp", _lab.Addresses(Pods.Outside)[0], ServicePorts.Target).Server);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Without(string pod)
    {
        int begin = LabTopology.DefaultText.IndexOf($"  - name: {pod}", StringComparison.Ordinal);
        int end = LabTopology.DefaultText.IndexOf("outside:", StringComparison.Ordinal);
        return LabTopology.DefaultText.Remove(begin, end - begin);
    }

    /// <summary>Opens a flow that has to lead to a certain backend.</summary>
    private static void OpenTo(Caller caller, string server, string kind, string address, int port)
    {
        for (int tries = 0; tries < 60; tries++)
        {
            caller.Do(Invariant($"open {kind} {kind} {address} {port}"));
            if (caller.Do($"say {kind} 1").Server == server)
            {
                return;
            }

            caller.Do($"close {kind}");
        }

        throw new InvalidOperationException($"60 connections to {address}, and none to {server}");
    }

    private static IEnumerable<string> ServersOf(Caller caller, string address, int port) =>
        Enumerable.Range(0, 40).Select(_ => caller.Call("tcp", address, port).Server).Distinct().Order().ToArray();

    private Caller StartCaller(string from, bool byPacket) =>
        byPacket ? Caller.StartOutsideCgroup(_lab.Member(from)) : Caller.Start(_lab.Member(from));

    private void Serve(string pod) => _servers.Add(new EchoServer(_lab.Member(pod), ServicePorts.Target));
}
