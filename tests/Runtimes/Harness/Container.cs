using System.Net;
using System.Net.Sockets;
using EndToEnd.Harness;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>A container that runs, with a network of its own.</summary>
internal abstract class Container : IDisposable
{
    /// <summary>As the runtime calls what it attached to the network.</summary>
    public abstract string Id { get; }

    /// <summary>Of its first process.</summary>
    public abstract int Pid { get; }

    /// <summary>IPv4 first.</summary>
    public abstract IReadOnlyList<string> Addresses { get; }

    /// <summary>Runs a program in it.</summary>
    public abstract ToolResult RunUnchecked(params string[] command);

    public abstract void Dispose();

    public string Run(params string[] command)
    {
        ToolResult result = RunUnchecked(command);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{string.Join(' ', command)} in {Id}: exit code {result.ExitCode}: {result.Output.Trim()} {result.Error.Trim()}");
    }

    public void Ping(string address) => Run("ping", "-c", "1", "-W", "5", address);

    public NetworkNamespace OpenNetwork() => NetworkNamespace.Open($"/proc/{Pid}/ns/net");

    /// <summary>A socket in its network, whose calls end at a deadline.</summary>
    public Socket Open(AddressFamily family, SocketType type)
    {
        using NetworkNamespace network = OpenNetwork();
        Socket socket = network.Run(() => new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp));
        socket.ReceiveTimeout = socket.SendTimeout = (int)Eventually.DefaultDeadline.TotalMilliseconds;
        return socket;
    }

    /// <summary>Sends bytes to a port that something of another container listens on there, and has them come back.</summary>
    public void Exchange(Container other, SocketType type, int family)
    {
        AddressFamily kind = family == 0 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        using Socket listener = other.Open(kind, type);
        listener.Bind(new IPEndPoint(IPAddress.Parse(other.Addresses[family]), 0));
        if (type == SocketType.Stream)
        {
            listener.Listen();
        }

        using Socket client = Open(kind, type);
        client.Connect(listener.LocalEndPoint!);
        byte[] sent = new byte[1200];
        Random.Shared.NextBytes(sent);
        client.Send(sent);
        byte[] received = new byte[sent.Length];
        IPEndPoint from;
        if (type == SocketType.Stream)
        {
            using Socket connection = listener.Accept();
            from = (IPEndPoint)connection.RemoteEndPoint!;
            ReceiveAll(connection, received);
            connection.Send(received);
        }
        else
        {
            EndPoint sender = RealLab.AnyEndPoint(kind);
            listener.ReceiveFrom(received, ref sender);
            from = (IPEndPoint)sender;
            listener.SendTo(received, sender);
        }

        byte[] back = new byte[sent.Length];
        ReceiveAll(client, back);
        Assert.Equal(Addresses[family], from.Address.ToString());
        Assert.Equal(sent, back);
    }

    private static void ReceiveAll(Socket socket, byte[] buffer)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            int more = socket.Receive(buffer.AsSpan(length));
            Assert.NotEqual(0, more);
            length += more;
        }
    }
}
