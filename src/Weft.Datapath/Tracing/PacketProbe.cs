using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Datapath.Tracing;

/// <summary>One packet that is sent to see what becomes of it, and what its sender is told.</summary>
/// <remarks>Sent from the network namespace of the calling thread, which it blocks.</remarks>
public sealed record PacketProbe
{
    private static readonly byte[] s_words = "weft trace probe "u8.ToArray();

    public required ProtocolType Protocol { get; init; }

    /// <summary>Port 0 for ICMP.</summary>
    public required IPEndPoint Destination { get; init; }

    /// <summary>ICMP: the identifier.</summary>
    public required ushort SourcePort { get; init; }

    /// <summary>Bytes behind the header of ICMP or UDP.</summary>
    public int Size { get; init; } = 56;

    /// <summary>0: the kernel's own.</summary>
    public int Ttl { get; init; }

    public bool DontFragment { get; init; }

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    private bool IsIPv6 => Destination.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Sends it and waits for the answer.</summary>
    public ProbeResult Send()
    {
        try
        {
            using Socket socket = Open();
            long begin = Stopwatch.GetTimestamp();
            string? refusal = Protocol switch
            {
                ProtocolType.Tcp => Connect(socket),
                ProtocolType.Udp => Exchange(socket),
                _ => Echo(socket),
            };
            TimeSpan roundTrip = Stopwatch.GetElapsedTime(begin);
            return refusal is null ? new(ProbeOutcome.Answered, null, roundTrip) : new(ProbeOutcome.Unreachable, refusal, roundTrip);
        }
        catch (SocketException error)
        {
            return new(Classify(error.SocketErrorCode), error.SocketErrorCode == SocketError.TimedOut ? null : error.Message, null);
        }
    }

    private static ProbeOutcome Classify(SocketError error) => error switch
    {
        SocketError.TimedOut or SocketError.WouldBlock => ProbeOutcome.Silent,
        SocketError.ConnectionRefused or SocketError.ConnectionReset => ProbeOutcome.Refused,
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.HostDown => ProbeOutcome.Unreachable,
        _ => ProbeOutcome.NotSent,
    };

    private Socket Open()
    {
        Socket socket = Protocol switch
        {
            ProtocolType.Tcp => new(Destination.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            ProtocolType.Udp => new(Destination.AddressFamily, SocketType.Dgram, ProtocolType.Udp),
            _ => new(Destination.AddressFamily, SocketType.Raw, IsIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp),
        };
        try
        {
            if (Ttl > 0)
            {
                socket.SetSocketOption(IsIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP, IsIPv6 ? SocketOptionName.HopLimit : SocketOptionName.IpTimeToLive, Ttl);
            }

            if (DontFragment && !IsIPv6)
            {
                socket.DontFragment = true;
            }

            if (Protocol is ProtocolType.Tcp or ProtocolType.Udp)
            {
                socket.Bind(new IPEndPoint(IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, SourcePort));
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string? Connect(Socket socket)
    {
        using CancellationTokenSource limit = new(Timeout);
        try
        {
            // The wait is blocking all the same: the thread is the namespace's, and the socket was opened on it.
            socket.ConnectAsync(Destination, limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }

        return null;
    }

    private string? Exchange(Socket socket)
    {
        socket.Connect(Destination);
        socket.Send(Payload());
        socket.ReceiveTimeout = (int)Timeout.TotalMilliseconds;
        socket.Receive(new byte[65535]);
        return null;
    }

    /// <summary>Null: the echo came back; else what somebody on the way said of it.</summary>
    private string? Echo(Socket socket)
    {
        byte[] request = IsIPv6 ? Request6() : new PacketBuilder().EchoRequest(SourcePort, 1).Payload(Payload()).ToArray();
        socket.SendTo(request, new IPEndPoint(Destination.Address, 0));
        long begin = Stopwatch.GetTimestamp();
        byte[] buffer = new byte[65535];
        while (true)
        {
            TimeSpan left = Timeout - Stopwatch.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            socket.ReceiveTimeout = Math.Max((int)left.TotalMilliseconds, 1);
            EndPoint from = new IPEndPoint(IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
            int received = socket.ReceiveFrom(buffer, ref from);
            if (TryRead(buffer.AsSpan(0, received), ((IPEndPoint)from).Address, out string? refusal))
            {
                return refusal;
            }
        }
    }

    private bool TryRead(ReadOnlySpan<byte> packet, IPAddress from, out string? refusal)
    {
        refusal = null;
        return IsIPv6 ? TryRead6(packet, from, out refusal) : TryRead4(packet, out refusal);
    }

    private bool TryRead4(ReadOnlySpan<byte> packet, out string? refusal)
    {
        refusal = null;
        if (!IPv4Header.TryParse(packet, out IPv4Header ip) || !IcmpHeader.TryParse(ip.Payload, out IcmpHeader icmp))
        {
            return false;
        }

        if (icmp.Type == IcmpType.EchoReply)
        {
            return icmp.Id == SourcePort;
        }

        if (icmp.IsError && IPv4Header.TryParse(icmp.Payload, out IPv4Header quoted)
            && IcmpHeader.TryParse(quoted.Payload, out IcmpHeader request) && request.Id == SourcePort)
        {
            refusal = $"{ip.Source.ToIPAddress()} answered: {icmp.Type}, code {icmp.Code}";
            return true;
        }

        return false;
    }

    private bool TryRead6(ReadOnlySpan<byte> packet, IPAddress from, out string? refusal)
    {
        refusal = null;
        if (!Icmpv6Header.TryParse(packet, out Icmpv6Header icmp))
        {
            return false;
        }

        if (icmp.Type == Icmpv6Type.EchoReply)
        {
            return IsOurs(icmp);
        }

        if (icmp.IsError && IPv6Header.TryParse(icmp.Quoted, out IPv6Header quoted)
            && Icmpv6Header.TryParse(quoted.Payload, out Icmpv6Header request) && IsOurs(request))
        {
            refusal = $"{from} answered: {icmp.Type}, code {icmp.Code}";
            return true;
        }

        return false;
    }

    private bool IsOurs(Icmpv6Header icmp) => icmp.TryGetEcho(out ushort id, out _) && id == SourcePort;

    /// <summary>The kernel computes the checksum, over addresses that it chooses.</summary>
    private byte[] Request6()
    {
        byte[] request = [(byte)Icmpv6Type.EchoRequest, 0, 0, 0, 0, 0, 0, 1, .. Payload()];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(4), SourcePort);
        return request;
    }

    private byte[] Payload()
    {
        byte[] payload = new byte[Size];
        for (int index = 0; index < payload.Length; index++)
        {
            payload[index] = s_words[index % s_words.Length];
        }

        return payload;
    }
}
