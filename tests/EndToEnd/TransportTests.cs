using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using EndToEnd.Harness;
using Weft.Lab.Programs;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>TCP and UDP between pods of two nodes, in both directions, compared byte by byte.</summary>
[Collection(SharedLabTests.Name)]
public sealed class TransportTests(SharedLab shared)
{
    private const int Port = 5001;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [KernelTheory]
    [InlineData(Pods.East, Pods.West, 1)]
    [InlineData(Pods.West, Pods.East, 1)]
    [InlineData(Pods.East, Pods.Web, 1_000_000)]
    [InlineData(Pods.East, Pods.West, 50_000_000)]
    [InlineData(Pods.West, Pods.East, 50_000_000)]
    public async Task What_is_sent_over_tcp_arrives_whole(string from, string to, int length)
    {
        byte[] content = RandomNumberGenerator.GetBytes(length);
        using Socket listener = Open(to, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen();
        using Socket client = Open(from, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource limit = new(s_deadline);

        Task<byte[]> received = ReceiveAllAsync(listener, length, limit.Token);
        await client.ConnectAsync(IPAddress.Parse(shared.Lab.Address(to)), Port, limit.Token);
        await client.SendAsync(content, limit.Token);
        client.Shutdown(SocketShutdown.Send);

        Assert.True((await received).AsSpan().SequenceEqual(content));
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelTheory]
    [InlineData(Pods.East, Pods.West, 1)]
    [InlineData(Pods.West, Pods.East, 1400)]
    [InlineData(Pods.East, Pods.Web, 1422)]
    [InlineData(Pods.Web, Pods.East, 1423)]
    [InlineData(Pods.East, Pods.West, 60_000)]
    public async Task A_datagram_and_its_answer_arrive_whole(string from, string to, int length)
    {
        byte[] content = RandomNumberGenerator.GetBytes(length);
        using Socket server = Open(to, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Any, Port));
        using Socket client = Open(from, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(IPAddress.Parse(shared.Lab.Address(to)), Port);
        using CancellationTokenSource limit = new(s_deadline);

        await client.SendAsync(content, limit.Token);
        byte[] buffer = new byte[65536];
        SocketReceiveFromResult request = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        Assert.True(buffer.AsSpan(0, request.ReceivedBytes).SequenceEqual(content));
        Assert.Equal(shared.Lab.Address(from), ((IPEndPoint)request.RemoteEndPoint).Address.ToString());

        await server.SendToAsync(buffer.AsMemory(0, request.ReceivedBytes), request.RemoteEndPoint, limit.Token);
        int answer = await client.ReceiveAsync(buffer, limit.Token);
        Assert.True(buffer.AsSpan(0, answer).SequenceEqual(content));
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public async Task A_closed_port_refuses_at_once()
    {
        using Socket client = Open(Pods.East, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource limit = new(s_deadline);

        SocketException error = await Assert.ThrowsAsync<SocketException>(
            async () => await client.ConnectAsync(Pods.WestAddress, 9, limit.Token));

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public async Task A_closed_udp_port_is_reported_by_an_icmp_error()
    {
        using Socket client = Open(Pods.East, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(Pods.WestAddress, 9);
        using CancellationTokenSource limit = new(s_deadline);

        await client.SendAsync(new byte[] { 1 }, limit.Token);
        SocketException error = await Assert.ThrowsAsync<SocketException>(
            async () => await client.ReceiveAsync(new byte[16], limit.Token));

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    private Socket Open(string pod, SocketType type, ProtocolType protocol)
    {
        LabMember member = shared.Lab.Member(pod);
        return member.Run(() => new Socket(AddressFamily.InterNetwork, type, protocol));
    }

    private static async Task<byte[]> ReceiveAllAsync(Socket listener, int expected, CancellationToken cancellationToken)
    {
        using Socket connection = await listener.AcceptAsync(cancellationToken);
        byte[] content = new byte[expected + 1];
        int filled = 0;
        while (true)
        {
            int received = await connection.ReceiveAsync(content.AsMemory(filled), cancellationToken);
            if (received == 0)
            {
                return content[..filled];
            }

            filled += received;
        }
    }
}
