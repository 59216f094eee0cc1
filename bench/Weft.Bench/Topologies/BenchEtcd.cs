using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weft.Store;
using Weft.Store.Etcd;

namespace Weft.Bench.Topologies;

/// <summary>A real etcd on loopback, with its data on this machine's disk as a real one has it; it goes before the simulated nodes where CPUs are scarce.</summary>
internal sealed class BenchEtcd : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-bench-etcd-");
    private readonly int _port = FreePort();
    private readonly int _peerPort = FreePort();
    private Process? _process;

    public double MemoryMiB
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64 / (double)(1 << 20);
        }
    }

    public EtcdLocation Location => EtcdLocation.TryParse($"etcd://{Address(_port)}", out EtcdLocation? location, out string? error)
        ? location
        : throw new InvalidOperationException(error);

    public async Task StartAsync()
    {
        string client = $"http://{Address(_port)}";
        string peer = $"http://{Address(_peerPort)}";
        string[] arguments =
        [
            "-n", "-10", "etcd", "--data-dir", Path.Combine(_directory.FullName, "data"), "--name", "bench", "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"bench={peer}", "--logger", "zap", "--log-level", "error",
        ];
        _process = Process.Start(new ProcessStartInfo("nice", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await using EtcdStore store = await OpenAsync();
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await store.GetAsync("weft/state", deadline.Token);
                return;
            }
            catch (StoreUnavailableException) when (!_process.HasExited)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }

    public Task<EtcdStore> OpenAsync() => EtcdStore.OpenAsync(new EtcdStoreOptions { Location = Location, RequestTimeout = TimeSpan.FromSeconds(60) }, CancellationToken.None);

    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        _directory.Delete(recursive: true);
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
