using System.Diagnostics;
using System.Net;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;

namespace Weft.Bench.Topologies;

/// <summary>The default lab, brought up by the published <c>weft</c>: real agents, the datapath as shipped, events at their default.</summary>
internal sealed class WeftLab : ITopology
{
    private readonly string _weft;
    private readonly string _lab = $"bench{Environment.ProcessId}";
    private readonly NetworkNamespace _client;
    private readonly NetworkNamespace _server;

    /// <param name="weft">Path of the published command line.</param>
    public WeftLab(string weft)
    {
        _weft = weft;
        Run("lab", "up", "--lab", _lab);
        LabTopology topology = TopologyReader.Default;
        _client = NetworkNamespace.Open(LabNames.NetnsOf(_lab, ClientPod));
        _server = NetworkNamespace.Open(LabNames.NetnsOf(_lab, ServerPod));
        Pods = new PodPair(_client, AddressOf(topology, ClientPod), _server, AddressOf(topology, ServerPod));
    }

    /// <summary>Of the default topology.</summary>
    public static readonly string[] Nodes = ["bpf1", "bpf2"];

    private const string ClientPod = "cni-6vf5d";
    private const string ServerPod = "cni-j22kt";

    public string Name => "Weft overlay";

    public PodPair Pods { get; }

    public LabPaths Paths => new(_lab);

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        Run("lab", "down", "--lab", _lab);
    }

    private static IPAddress AddressOf(LabTopology topology, string pod) =>
        topology.FindPod(pod)?.Address ?? throw new InvalidOperationException($"look up the address of pod {pod} in the default topology: none given");

    private void Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(_weft, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"start {_weft}: no process");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"run weft {string.Join(' ', arguments)}: exit code {process.ExitCode}: {error}{output.Result}");
        }
    }
}
