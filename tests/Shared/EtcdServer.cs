using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Tests.Shared;

/// <summary>A real etcd on loopback with data of its own, which tests stop, kill, start again and rob of its data.</summary>
/// <remarks>Its data is in memory where there is a file system for that: tests do not wait for disks.</remarks>
public sealed class EtcdServer : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(30);

    private readonly string[] _options;
    private Process? _process;

    /// <param name="scheme">`http` or `https`; the latter with the options about certificates.</param>
    private EtcdServer(string scheme, string[] options)
    {
        Directory = Path.Combine(System.IO.Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"weft-etcd-{Guid.NewGuid():N}");
        Scheme = scheme;
        _options = options;
        (Port, PeerPort) = FreePorts();
    }

    public string Directory { get; }

    public string Scheme { get; }

    public int Port { get; }

    public int PeerPort { get; }

    public string Endpoint => $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    private string PeerUrl => $"http://127.0.0.1:{PeerPort.ToString(CultureInfo.InvariantCulture)}";

    public int Pid => _process!.Id;

    public static async Task<EtcdServer> StartAsync(string scheme = "http", params string[] options)
    {
        var server = new EtcdServer(scheme, options);
        try
        {
            await server.RunAsync().ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts it with the data that it has, and returns when it serves.</summary>
    public async Task RunAsync()
    {
        System.IO.Directory.CreateDirectory(Directory);
        _process = Process.Start(StartInfo()) ?? throw new InvalidOperationException("etcd did not start");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.BecomesAsync("etcd serves", IsServingAsync, serves => serves, s_start).ConfigureAwait(false);
    }

    /// <summary>It hangs: connections stay, nothing is answered.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>SIGKILL, as a machine that lost its power.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync().ConfigureAwait(false);
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>The data is gone; what starts next is another store. Only while it does not run.</summary>
    public void LoseData() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>Puts back what `snapshot save` wrote. Only while it does not run.</summary>
    public void Restore(string backup)
    {
        LoseData();
        System.IO.Directory.CreateDirectory(Directory);
        string peer = PeerUrl;
        Ctl("snapshot", "restore", backup, "--data-dir", Path.Combine(Directory, "data"), "--name", "test",
            "--initial-cluster", $"test={peer}", "--initial-advertise-peer-urls", peer);
    }

    /// <summary>etcdctl, as a person would call it.</summary>
    public string Ctl(params string[] arguments) =>
        Tool.Run("env", ["ETCDCTL_API=3", "etcdctl", $"--endpoints={Scheme}://{Endpoint}", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        if (System.IO.Directory.Exists(Directory))
        {
            LoseData();
        }
    }

    private ProcessStartInfo StartInfo()
    {
        string client = $"{Scheme}://{Endpoint}";
        string peer = PeerUrl;
        string[] arguments =
        [
            "--name", "test", "--data-dir", Path.Combine(Directory, "data"),
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"test={peer}",
            "--logger", "zap", "--log-level", "error", .. _options,
        ];
        return new ProcessStartInfo("etcd", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    // The port of metrics and health is the client's, which may ask for a certificate: that it accepts connections must do.
    private async Task<bool> IsServingAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"etcd ended with {_process.ExitCode}");
        }
        if (Scheme == "http")
        {
            using var http = new HttpClient();
            string health = await http.GetStringAsync(new Uri($"http://{Endpoint}/health")).ConfigureAwait(false);
            return health.Contains("true", StringComparison.Ordinal);
        }
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port).ConfigureAwait(false);
        return true;
    }

    private void Signal(string name) => Tool.Run("kill", "-s", name, Pid.ToString(CultureInfo.InvariantCulture));

    private static (int Client, int Peer) FreePorts()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var two = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        two.Start();
        return (((IPEndPoint)one.LocalEndpoint).Port, ((IPEndPoint)two.LocalEndpoint).Port);
    }
}
