using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EndToEnd.Harness;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Backends come and go while clients use them.</summary>
public sealed class BackendLifeTests : IClassFixture<SharedLab>, IDisposable
{
    private const int Connections = 24;
    private const int Port = 7100;

    /// <summary>The pod that takes the place of <see cref="Pods.Web"/>.</summary>
    private const string Next = "next";

    /// <summary>How a client is told that its connection is no more.</summary>
    private static readonly string[] s_ended = ["ECONNRESET", "ECONNABORTED", "EPIPE"];

    /// <summary>A backend on each node.</summary>
    private static readonly ServiceManifest s_two =
        new("web", "10.96.0.1", "fd96::1", "10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1", "10.0.0.45@bpf2", "fd00:10::45@bpf2") { NodePort = 30080 };

    private static readonly ServiceManifest s_one = s_two with { Backends = ["10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1"] };

    private readonly RealLab _lab;
    private readonly List<EchoServer> _servers = [];

    public BackendLifeTests(SharedLab shared)
    {
        _lab = shared.Lab;
        _lab.Up(LabTopology.DefaultText);
        Serve(Pods.East);
        Serve(Pods.Web);
    }

    private static string NextTopology => LabTopology.DefaultText
        .Replace(Pods.Web, Next, StringComparison.Ordinal).Replace("app: web", "app: next", StringComparison.Ordinal);

    public void Dispose() => _servers.ForEach(server => server.Dispose());

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
        OpenTo(caller, Pods.Web, "udp", address, port);
        OpenTo(caller, Pods.Web, "sendto", address, port);

        _lab.Apply(s_one);
        _lab.Up(Without(Pods.Web));

        Assert.Equal(Pods.East, caller.Do("say sendto 10").Server);
        // A connected socket whose backend was chosen at the socket has it for ever.
        if (byPacket || from == Pods.Outside)
        {
            Assert.Equal(Pods.East, caller.Do("say udp 10").Server);
        }
        else
        {
            Assert.Equal("ECONNABORTED", caller.Do("end udp").Values["ended"]);
        }

        // At the socket it is told at once; by packet with its next segment.
        Answer answer = caller.Try("say tcp 10");
        Assert.Contains(answer.Error, s_ended);
        Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(Pods.East, caller.Call("tcp", address, port).Server);
    }

    [KernelFact]
    public void A_pod_that_gets_the_address_of_another_is_called_as_itself()
    {
        using Caller client = Caller.Start(_lab.Member(Pods.East));
        uint identity = _lab.Identity(Pods.Web);
        foreach (string address in _lab.Addresses(Pods.Web))
        {
            client.Do(Invariant($"open {address} tcp {address} {ServicePorts.Target}"));
        }

        _lab.Up(NextTopology);
        Serve(Next);

        Assert.NotEqual(identity, _lab.Identity(Next));
        foreach (string address in _lab.Addresses(Next))
        {
            Assert.Contains(client.Try($"say {address} 10").Error, s_ended);
            Assert.Equal(Next, client.Call("tcp", address, ServicePorts.Target).Server);
            Assert.Equal(Next, client.Call("udp", address, ServicePorts.Target).Server);
        }
    }

    /// <summary>The answer to the pod that was finds nobody, though the one that is listens on the same address and port.</summary>
    [KernelTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_pod_that_gets_the_address_of_another_gets_none_of_its_answers(AddressFamily family)
    {
        using Socket outside = _lab.BindUdp(Pods.Outside, family, Port);
        using Socket gone = _lab.BindUdp(Pods.Web, family, Port);
        gone.SendTo([1], new IPEndPoint(_lab.AddressOn($"{Pods.Outside}/eth0", family), Port));
        EndPoint translated = RealLab.AnyEndPoint(family);
        outside.ReceiveFrom(new byte[16], ref translated);

        _lab.Up(NextTopology);
        using Socket next = _lab.BindUdp(Next, family, Port);
        outside.Connect(translated);
        outside.Send([1]);

        SocketException error = Assert.Throws<SocketException>(() => outside.Receive(new byte[16]));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Assert.Equal(0, next.Available);
    }

    [KernelFact]
    public void Nothing_is_known_of_a_pod_that_is_gone()
    {
        using Caller pod = Caller.Start(_lab.Member(Pods.Web));
        using EchoServer outside = new(_lab.Member(Pods.Outside), ServicePorts.Target);
        IReadOnlyList<string> addresses = _lab.Addresses(Pods.Web);
        Assert.All(_lab.Addresses(Pods.Outside), address => pod.Call("tcp", address, ServicePorts.Target));

        _lab.Up(Without(Pods.Web));

        foreach (string map in new[] { "endpoint", "nat", "ipcache" })
        {
            Eventually.Passes(() => Assert.All(
                addresses, address => Assert.DoesNotContain(address, _lab.Weft("--node", Pods.WestNode, "bpf", map, "list"), StringComparison.Ordinal)));
        }

        // What others remember of their own flows to it is theirs, and ends with its time.
        Eventually.Passes(() => Assert.All(addresses, address => Assert.DoesNotContain(
            _lab.Json("--node", Pods.WestNode, "bpf", "ct", "list").EnumerateArray(), flow => OwnerOf(flow) == address)));
    }

    /// <summary>The address of this node that the entry is kept for.</summary>
    private static string? OwnerOf(JsonElement flow) =>
        flow.GetProperty(flow.GetProperty("direction").GetString() == "IN" ? "destination" : "source").GetString();

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

    private static string[] ServersOf(Caller caller, string address, int port) =>
        [.. Enumerable.Range(0, 40).Select(_ => caller.Call("tcp", address, port).Server).Distinct().Order()];

    private Caller StartCaller(string from, bool byPacket) =>
        byPacket ? Caller.StartOutsideCgroup(_lab.Member(from)) : Caller.Start(_lab.Member(from));

    private void Serve(string pod) => _servers.Add(new EchoServer(_lab.Member(pod), ServicePorts.Target));
}
