using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Weft.Lab.Programs;

namespace EndToEnd.Harness;

/// <summary>Pods that serve TCP and UDP, and call each other all at once.</summary>
/// <remarks>
/// Sockets in their namespaces, no programs. What does not arrive is told by what was sent after it and did: a second wave goes only
/// where the first one is expected to arrive.
/// </remarks>
internal sealed class Reachability : IDisposable
{
    public static readonly ushort[] Ports = [80, 81];

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    private readonly string[] _pods;
    private readonly Dictionary<string, LabMember> _members;
    private readonly Dictionary<(string Pod, AddressFamily Family), IPAddress> _addresses = [];
    private readonly List<Socket> _servers = [];
    private readonly ConcurrentDictionary<(int Wave, Call Call), byte> _arrived = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _stop = new();
    private int _wave;

    public Reachability(RealLab lab, IEnumerable<string> pods)
    {
        _pods = [.. pods];
        _members = _pods.ToDictionary(pod => pod, lab.Member);
        foreach (string pod in _pods)
        {
            foreach (IPAddress address in lab.Addresses(pod).Select(IPAddress.Parse))
            {
                _addresses[(pod, address.AddressFamily)] = address;
                foreach (ushort port in Ports)
                {
                    Serve(pod, address, port);
                }
            }
        }
    }

    /// <summary>Every call from every pod to every other.</summary>
    public IEnumerable<Call> Calls(AddressFamily family) =>
        from source in _pods
        from destination in _pods
        where source != destination
        from protocol in (ProtocolType[])[ProtocolType.Tcp, ProtocolType.Udp]
        from port in Ports
        select new Call(source, destination, family, protocol, port);

    /// <summary>Makes these calls, each as a flow of its own, and returns those that arrived.</summary>
    /// <param name="expected">Waited for, up to a deadline; others have as long as these.</param>
    public async Task<HashSet<Call>> TryAsync(IReadOnlyCollection<Call> calls, IReadOnlyCollection<Call> expected)
    {
        int wave = ++_wave;
        await MakeAsync(calls, expected, wave);
        int barrier = ++_wave;
        await MakeAsync(expected, expected, barrier);
        return [.. _arrived.Keys.Where(seen => seen.Wave == wave).Select(seen => seen.Call)];
    }

    public Socket Open(string pod, AddressFamily family) =>
        _members[pod].Run(() => new Socket(family, SocketType.Dgram, ProtocolType.Udp));

    public IPEndPoint EndPointOf(Call call) => new(_addresses[(call.Destination, call.Family)], call.Port);

    /// <summary>So many datagrams of a stream arrived.</summary>
    public int Received(Call call, int wave) => _arrived.ContainsKey((wave, call)) ? 1 : 0;

    public void Dispose()
    {
        _stop.Cancel();
        _servers.ForEach(server => server.Dispose());
        _stop.Dispose();
        _news.Dispose();
    }

    /// <summary>Calls that a stream makes; their numbers are below zero, those of waves above.</summary>
    public byte[] DatagramOf(Call call, int number)
    {
        byte[] datagram = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(datagram, number);
        BinaryPrimitives.WriteInt32BigEndian(datagram.AsSpan(4), Array.IndexOf(_pods, call.Source));
        return datagram;
    }

    private async Task MakeAsync(IReadOnlyCollection<Call> calls, IReadOnlyCollection<Call> expected, int wave)
    {
        using CancellationTokenSource end = new();
        Task[] connecting = [.. calls.Where(call => call.Protocol == ProtocolType.Tcp).Select(call => ConnectAsync(call, wave, end.Token))];
        foreach (IGrouping<(string, AddressFamily), Call> group in calls.Where(call => call.Protocol == ProtocolType.Udp).GroupBy(call => (call.Source, call.Family)))
        {
            using Socket socket = Open(group.Key.Item1, group.Key.Item2);
            foreach (Call call in group)
            {
                socket.SendTo(DatagramOf(call, wave), EndPointOf(call));
            }
        }

        using CancellationTokenSource deadline = new(s_deadline);
        try
        {
            while (!expected.All(call => _arrived.ContainsKey((wave, call))))
            {
                await _news.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller sees what is missing.
        }

        await end.CancelAsync();
        await Task.WhenAll(connecting);
    }

    private async Task ConnectAsync(Call call, int wave, CancellationToken end)
    {
        using Socket client = _members[call.Source].Run(() => new Socket(call.Family, SocketType.Stream, ProtocolType.Tcp));
        client.LingerState = new LingerOption(true, 0);
        try
        {
            await client.ConnectAsync(EndPointOf(call), end);
            Note(call, wave);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // It did not arrive.
        }
    }

    private void Serve(string pod, IPAddress address, ushort port)
    {
        Socket tcp = _members[pod].Run(() => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        _servers.Add(tcp);
        tcp.Bind(new IPEndPoint(address, port));
        tcp.Listen(1024);
        Socket udp = _members[pod].Run(() => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        _servers.Add(udp);
        udp.ReceiveBufferSize = 1 << 20;
        udp.Bind(new IPEndPoint(address, port));
        _ = AcceptAsync(tcp);
        _ = ReceiveAsync(udp, pod, address.AddressFamily, port);
    }

    private async Task AcceptAsync(Socket server)
    {
        try
        {
            while (true)
            {
                _ = WaitForEndAsync(await server.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // ended
        }
    }

    /// <summary>The client ends it by a reset; one that came from here might be there before the client knows that it is connected.</summary>
    private async Task WaitForEndAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await client.ReceiveAsync(new byte[1], _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // ended
            }
        }
    }

    private async Task ReceiveAsync(Socket server, string pod, AddressFamily family, ushort port)
    {
        byte[] datagram = new byte[64];
        try
        {
            while (true)
            {
                await server.ReceiveAsync(datagram, _stop.Token);
                string source = _pods[BinaryPrimitives.ReadInt32BigEndian(datagram.AsSpan(4))];
                Note(new Call(source, pod, family, ProtocolType.Udp, port), BinaryPrimitives.ReadInt32BigEndian(datagram));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // ended
        }
    }

    private void Note(Call call, int wave)
    {
        _arrived[(wave, call)] = 1;
        _news.Release();
    }

    /// <summary>Who calls whom, and how.</summary>
    public sealed record Call(string Source, string Destination, AddressFamily Family, ProtocolType Protocol, ushort Port)
    {
        public override string ToString() => $"{Source} -> {Destination}:{Port}/{Protocol} ({(Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")})";
    }
}
