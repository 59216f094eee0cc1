using Weft.Lab.Nodes;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Linux.Processes;
using Weft.Netlink;
using Weft.Store;

namespace Weft.Lab.Stores;

/// <summary>The etcd of a lab, a process beside the router of the underlay.</summary>
public sealed class LabEtcd
{
    private const string Program = "etcd";
    private const int ClientPort = 2379;
    private const int PeerPort = 2380;
    private const int LogLinesShown = 5;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_refusedPause = TimeSpan.FromMilliseconds(20);

    private readonly LabPaths _paths;
    private readonly LabTopology _topology;

    public LabEtcd(LabPaths paths, LabTopology topology) => (_paths, _topology) = (paths, topology);

    public static string EndpointOf(LabTopology topology) => $"{topology.Router}:{ClientPort}";

    /// <exception cref="LabException">This machine has none.</exception>
    public static string FindProgram() => ProgramFinder.Find(Program)
        ?? throw new LabException($"find {Program}: not in PATH (on Debian: apt-get install etcd-server)");

    /// <summary>Starts it with the data that it has. It lives on when this process ends, and serves a little later.</summary>
    public ProcessHandle Start()
    {
        Directory.CreateDirectory(_paths.EtcdDirectory);
        string client = $"http://{EndpointOf(_topology)}";
        string peer = $"http://127.0.0.1:{PeerPort}";
        ProgramStart start = new(
            FindProgram(),
            [
                "--name", _paths.Lab, "--data-dir", Path.Combine(_paths.EtcdDirectory, "data"),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"{_paths.Lab}={peer}",
                "--auto-compaction-mode", "periodic", "--auto-compaction-retention", "10m",
                "--logger", "zap", "--log-level", "warn",
            ]);
        using NetworkNamespace network = NetworkNamespace.Open(new UnderlayNetwork(_paths.Lab, _topology).Netns);
        using RtNetlink netlink = RtNetlink.Open(network);
        // Its connections to itself take that way.
        Devices.SetUp(netlink, LabNames.Loopback, linkLocal: false);
        return network.Run(() => ProcessSpawner.SpawnDaemon(start, _paths.EtcdLog));
    }

    /// <exception cref="LabException">It ended, or did not serve in time; with the end of its log.</exception>
    public async Task WaitAsync(ProcessHandle etcd, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(s_limit);
        try
        {
            await using IStore store = await LabStore.OpenAsync(_paths, _topology, stop.Token);
            while (!await ServesAsync(store, stop.Token))
            {
                if (etcd.WaitForExit(s_refusedPause))
                {
                    throw Failure($"it ended with exit code {etcd.TakeExitCode()}");
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"it does not serve {EndpointOf(_topology)} within {s_limit.TotalSeconds} s");
        }
    }

    private static async Task<bool> ServesAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.GetAsync("weft/state", cancellationToken);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private LabException Failure(string why)
    {
        string[] tail = File.Exists(_paths.EtcdLog) ? [.. File.ReadLines(_paths.EtcdLog).TakeLast(LogLinesShown)] : [];
        return new LabException($"start etcd of lab {_paths.Lab}: {why}; the end of {_paths.EtcdLog}:{string.Concat(tail.Select(line => $"\n  {line}"))}");
    }
}
