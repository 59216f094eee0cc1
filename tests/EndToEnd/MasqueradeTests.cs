using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Many behind one address: whoever talks to the world by the node's address gets its own answers.</summary>
[Collection(SharedLabTests.Name)]
public sealed partial class MasqueradeTests(SharedLab shared)
{
    private const int Port = 7200;

    private RealLab Lab => shared.Lab;

    /// <summary>Two pods and their node talk to one port of one host, all from the same port of their own.</summary>
    [KernelTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Flows_that_differ_in_the_sender_only_are_told_apart(AddressFamily family)
    {
        using Socket outside = Lab.BindUdp(Pods.Outside, family, Port);
        IPEndPoint destination = new(Lab.AddressOn($"{Pods.Outside}/eth0", family), Port);
        using Socket west = Lab.BindUdp(Pods.West, family, Port);
        using Socket web = Lab.BindUdp(Pods.Web, family, Port);
        using Socket node = Lab.BindUdp(Pods.WestNode, family, Port);
        Socket[] senders = [west, web, node];

        List<EndPoint> seen = [.. senders.Select((sender, number) =>
        {
            sender.SendTo([(byte)number], destination);
            return Receive(outside, (byte)number);
        })];

        Assert.Equal(3, seen.Distinct().Count());
        Assert.All(seen, source => Assert.Equal(Lab.AddressOn($"{Pods.WestNode}/ens3", family), ((IPEndPoint)source).Address));
        for (int number = 0; number < senders.Length; number++)
        {
            outside.SendTo([(byte)(10 + number)], seen[number]);
            Assert.Equal(destination, Receive(senders[number], (byte)(10 + number)));
        }
    }

    /// <summary>Errors of hops beyond the node quote the packet as it was there, and have to be undone for the pod.</summary>
    [KernelTheory]
    [InlineData(0, "192.168.2.1")]
    [InlineData(1, "fd00:c0a8:2::1")]
    public void Traceroute_shows_the_hops_of_the_world(int family, string router)
    {
        string address = Lab.Addresses(Pods.Outside)[family];

        string[] hops = [.. HopPattern().Matches(Lab.Exec(Pods.East, "traceroute", "-n", "-q", "1", "-w", "5", address))
            .Select(match => match.Groups["address"].Value)];

        Assert.Equal([router, address], hops[^2..]);
        Assert.Equal(3, hops.Length);
    }

    private static EndPoint Receive(Socket socket, byte expected)
    {
        byte[] buffer = new byte[16];
        EndPoint source = RealLab.AnyEndPoint(socket.AddressFamily);
        Assert.Equal(1, socket.ReceiveFrom(buffer, ref source));
        Assert.Equal(expected, buffer[0]);
        return source;
    }

    [GeneratedRegex(@"^\s*\d+\s+(?<address>[0-9a-f.:]+)\s", RegexOptions.Multiline)]
    private static partial Regex HopPattern();
}
