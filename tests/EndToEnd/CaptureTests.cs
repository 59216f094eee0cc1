using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using EndToEnd.Harness;
using Weft.Linux.Packets;
using Weft.Netlink;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>'weft capture': which packets it shows, where, and in which form.</summary>
[Collection(SharedLabTests.Name)]
public sealed class CaptureTests(SharedLab shared) : IDisposable
{
    private const string EastPod = "default/cni-6vf5d";
    private const string WestPod = "default/cni-j22kt";
    private const string Echo = "icmp and host 10.0.0.23";

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-capture-").FullName;

    private RealLab Lab => shared.Lab;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [KernelFact]
    public void Each_packet_is_shown_once_where_it_leaves_a_pod_and_where_it_comes_in_in_order()
    {
        using CaptureProcess capture = new(Lab, "-c", "4", "icmp");
        Ping(Pods.East, Pods.West, 1);

        Assert.Equal(
            [
                $"bpf1 {EastPod} eth0 Out 10.0.1.180 -> 10.0.0.23 icmp EchoRequest", $"bpf2 {WestPod} eth0 In 10.0.1.180 -> 10.0.0.23 icmp EchoRequest",
                $"bpf2 {WestPod} eth0 Out 10.0.0.23 -> 10.0.1.180 icmp EchoReply", $"bpf1 {EastPod} eth0 In 10.0.0.23 -> 10.0.1.180 icmp EchoReply",
            ],
            capture.Lines().Select(line => line.Split(' ', 2)[1].Split(", ")[0]));
        Assert.Equal((0, "4 packets captured on 2 nodes, 0 lost"), (capture.ExitCode, capture.Closing.Trim()));
    }

    [KernelFact]
    public void A_line_names_the_ends_and_the_identity_of_the_sender()
    {
        using CaptureProcess capture = new(Lab, "--pod", Pods.West, "-c", "1", Echo);
        Ping(Pods.East, Pods.West, 1);

        Assert.EndsWith($", length 98 ({EastPod} -> {WestPod}, identity {Lab.Identity(Pods.East)})", Assert.Single(capture.Lines()), StringComparison.Ordinal);
        Assert.Contains($"pods {WestPod};", capture.Greeting, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("app=cni", EastPod, WestPod)]
    [InlineData("app in (web,other)", "default/web-k9x2p")]
    [InlineData("app!=cni,k8s:app", "default/web-k9x2p")]
    public void Pods_are_chosen_by_their_labels(string selector, params string[] pods)
    {
        using CaptureProcess capture = new(Lab, "-l", selector, "-o", "json", "icmp");
        Ping(Pods.East, Pods.West, 2);
        Ping(Pods.West, Pods.Web, 2);
        Ping(Pods.East, Pods.Web, 2);

        JsonElement[] packets = [.. capture.Interrupt().Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(pods, packets.Select(packet => packet.GetProperty("pod").GetString()!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(0, capture.ExitCode);
    }

    /// <summary>redirect_peer: what the node's side of the pair never sees come by.</summary>
    [KernelFact]
    public void What_is_delivered_to_a_pod_is_seen_though_a_tap_on_the_nodes_device_sees_none_of_it()
    {
        string device = Lab.Json("--node", Pods.WestNode, "endpoint", "get", $"pod-name:{WestPod}")[0].GetProperty("status")
            .GetProperty("networking").GetProperty("interface-name").GetString()!;
        using PacketSocket tap = Lab.Member(Pods.WestNode).Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            return PacketSocket.Open(netlink.Links.Get(device).Index);
        });
        using CaptureProcess capture = new(Lab, "--pod", Pods.West, "-c", "3", "--to", Pods.West, "icmp");
        Ping(Pods.East, Pods.West, 3);

        Assert.All(capture.Lines(), line => Assert.Contains($"{WestPod} eth0 In 10.0.1.180 -> 10.0.0.23 icmp EchoRequest", line, StringComparison.Ordinal));
        Assert.Equal(3, capture.Captured);
        byte[] frame = new byte[2048];
        List<string> seen = [];
        while (tap.TryReceive(frame, TimeSpan.Zero, out PacketInfo info))
        {
            seen.Add($"{frame[12]:x2}{frame[13]:x2} {frame[23]} {frame[34]}");
            Assert.NotEqual(0, info.Length);
        }

        Assert.Contains("0800 1 0", seen);
        Assert.DoesNotContain("0800 1 8", seen);
    }

    [KernelFact]
    public void A_device_of_one_node_shows_the_overlays_packets_by_their_inner_header()
    {
        using CaptureProcess capture = new(Lab, "--node", Pods.EastNode, "-i", "ens3", "-c", "2", Echo);
        Ping(Pods.East, Pods.West, 1);

        string[] lines = capture.Lines();
        Assert.All(lines, line => Assert.Contains(" bpf1 node ens3 ", line, StringComparison.Ordinal));
        Assert.Contains($"vxlan vni {Lab.Identity(Pods.East)}]", lines[0], StringComparison.Ordinal);
    }

    [KernelFact]
    public void Points_of_the_kernel_are_shown_where_they_are_asked_for()
    {
        using CaptureProcess capture = new(Lab, "--hop", "all", "--node", Pods.EastNode, Echo);
        Ping(Pods.East, Pods.West, 1);

        string all = string.Join('\n', capture.Interrupt());
        Assert.All((string[])["[queue]", "[transmit]", "[rx]", "[receive]", "[deliver]", "[socket]"], point => Assert.Contains(point, all, StringComparison.Ordinal));
    }

    [KernelFact]
    public void A_drop_is_shown_with_the_kernels_reason()
    {
        using CaptureProcess capture = new(Lab, "--hop", "drop", "-c", "1", "--protocol", "udp", "--port", "7999", "--to", Pods.West);
        using (Socket sender = Lab.BindUdp(Pods.East, AddressFamily.InterNetwork, 0))
        {
            sender.SendTo("nobody listens"u8, new System.Net.IPEndPoint(Pods.WestAddress, 7999));
        }

        Assert.Contains("Drop NO_SOCKET in ", Assert.Single(capture.Lines()), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_flow_is_shown_with_all_bytes_of_what_its_ends_say()
    {
        using EchoServer server = new(Lab.Member(Pods.West), 7071);
        using CaptureProcess capture = new(Lab, "--pod", Pods.East, "--flow", Pods.East, $"{Pods.West}:7071", "-o", "json", "-x");
        using (Socket client = Lab.Member(Pods.East).Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)))
        {
            client.Connect(Pods.WestAddress, 7071);
            client.Send("what TCP sends is in pages"u8);
            Eventually.Passes(() => Assert.True(client.Available > 40));
        }

        JsonElement[] packets = [.. capture.Interrupt().Select(line => JsonDocument.Parse(line).RootElement)];
        string[] payloads = [.. packets.Select(packet => System.Text.Encoding.ASCII.GetString(Convert.FromHexString(packet.GetProperty("bytes").GetString()!)))];
        Assert.Contains(payloads, text => text.Contains("what TCP sends is in pages", StringComparison.Ordinal));
        Assert.Contains(payloads, text => text.Contains("cni-j22kt 10.0.1.180", StringComparison.Ordinal));
        Assert.All(packets, packet => Assert.Equal(packet.GetProperty("length").GetInt32(), packet.GetProperty("captured").GetInt32()));
    }

    [KernelFact]
    public void What_has_no_flow_is_shown_too()
    {
        using CaptureProcess capture = new(Lab, "--pod", Pods.East, "-c", "2", "arp");
        Lab.Exec(Pods.East, "ip", "neigh", "flush", "dev", "eth0");
        Ping(Pods.East, Pods.West, 1);

        Assert.Contains(capture.Lines(), line => line.Contains(" arp who-has ", StringComparison.Ordinal));
    }

    [KernelFact]
    public void A_capture_file_has_interfaces_names_directions_and_counts()
    {
        string file = Path.Combine(_folder, "web.pcapng");
        using CaptureProcess capture = new(Lab, "-w", file, "-c", "4", "icmp");
        Ping(Pods.East, Pods.West, 1);
        Assert.Empty(capture.Lines());

        string[][] packets = Fields(file, "frame.interface_name", "frame.comment", "frame.packet_flags_direction", "icmp.type", "icmp.checksum.status", "frame.len", "frame.cap_len");
        Assert.Equal(
            [
                [$"bpf1/{EastPod}/eth0", $"transmit; {EastPod} -> {WestPod}, identity {Lab.Identity(Pods.East)}", "0x00000002", "8", "1", "98", "98"],
                [$"bpf2/{WestPod}/eth0", $"deliver; {EastPod} -> {WestPod}, identity {Lab.Identity(Pods.East)}", "0x00000001", "8", "1", "98", "98"],
            ],
            packets[..2]);
        Assert.Equal(4, packets.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        List<(ulong Received, ulong Dropped)> statistics = Statistics(file);
        Assert.Equal([(2ul, 0ul), (2ul, 0ul)], statistics);
    }

    [KernelFact]
    public void A_packet_that_is_cut_short_keeps_its_length()
    {
        string file = Path.Combine(_folder, "short.pcapng");
        using CaptureProcess capture = new(Lab, "--pod", Pods.West, "-w", file, "-s", "60", "-c", "2", Echo);
        Lab.Exec(Pods.East, "ping", "-c", "1", "-s", "1000", $"{Pods.WestAddress}");
        capture.Lines();

        Assert.All(Fields(file, "frame.len", "frame.cap_len"), packet => Assert.Equal(["1042", "60"], packet));
    }

    [KernelFact]
    public void A_ring_keeps_the_last_files_each_of_which_can_be_read()
    {
        string file = Path.Combine(_folder, "ring.pcapng");
        using CaptureProcess capture = new(Lab, "--pod", Pods.East, "-w", file, "-C", "4k", "-W", "3", "-c", "60", Echo);
        Lab.Exec(Pods.East, "ping", "-c", "31", "-i", "0.01", "-s", "800", $"{Pods.WestAddress}");
        capture.Lines();

        string[] files = [.. Directory.GetFiles(_folder).Order(StringComparer.Ordinal)];
        Assert.Equal(3, files.Length);
        Assert.Matches(@"ring_000\d\d\.pcapng$", files[0]);
        Assert.DoesNotContain(files, name => name.EndsWith("_00001.pcapng", StringComparison.Ordinal));
        int[] packets = [.. files.Select(name => Fields(name, "frame.interface_name").Length)];
        Assert.All(packets, count => Assert.InRange(count, 1, 10));
        Assert.Equal(packets.Select(count => (ulong)count), files.Select(name => Statistics(name).Aggregate(0ul, (sum, at) => sum + at.Received)));
        Assert.Equal(60, capture.Captured);
    }

    /// <summary>What is captured and what is lost are together what was sent.</summary>
    [KernelFact]
    public void What_a_slow_reader_loses_is_counted()
    {
        const int packets = 40_000;
        using CaptureProcess capture = new(Lab, readsOutput: false, "--pod", Pods.East, "-X", "--duration", "15s", "--from", Pods.East, "udp", "port", "7998");
        using (Socket sender = Lab.BindUdp(Pods.East, AddressFamily.InterNetwork, 0))
        {
            byte[] datagram = new byte[1300];
            for (int sent = 0; sent < packets; sent++)
            {
                sender.SendTo(datagram, new System.Net.IPEndPoint(Pods.WestAddress, 7998));
            }
        }

        capture.ReadOutput();
        capture.Lines();

        Assert.True(capture.Lost > 0, capture.Closing);
        Assert.True(packets == capture.Captured + capture.Lost, capture.Closing);
    }

    [KernelTheory]
    [InlineData(2, "read filter 'hst 10.0.0.23': can't parse filter expression", "hst 10.0.0.23")]
    [InlineData(2, "capture at pod 'nobody': no node has one of that name (there are default/cni-6vf5d", "--pod", "nobody")]
    [InlineData(2, "--selector 'app==': 'x y' is none of KEY=VALUE", "-l", "app=,x y")]
    [InlineData(1, "write capture file /nowhere/x.pcapng: ", "-w", "/nowhere/x.pcapng")]
    [InlineData(1, "write capture file /dev/full: No space left on device", "-w", "/dev/full", "--duration", "1s")]
    public void A_fault_is_told_in_one_line(int code, string message, params string[] arguments)
    {
        ToolResult result = Lab.WeftUnchecked(["capture", .. arguments]);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(message.Replace("app==", "app=,x y", StringComparison.Ordinal), result.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_reader_that_goes_ends_it()
    {
        ToolResult result = Tool.RunUnchecked("sh", "-c", $"( '{WeftProgram.Path}' --lab {Lab.Name} capture --hop all; echo \"code $?\" >&2 ) | head -n 1 & '{WeftProgram.Path}' --lab {Lab.Name} lab exec {Pods.East} -- ping -q -c 100 -i 0.05 {Pods.WestAddress} >/dev/null; wait");

        Assert.Contains("code 141", result.Error, StringComparison.Ordinal);
    }

    private void Ping(string from, string to, int count) =>
        Lab.Exec(from, "ping", "-c", count.ToString(CultureInfo.InvariantCulture), "-i", "0.1", Lab.Address(to));

    private static string[][] Fields(string file, params string[] names) =>
    [
        .. Tool.Run("tshark", ["-r", file, "-T", "fields", .. names.SelectMany(name => (string[])["-e", name])])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')),
    ];

    /// <summary>Of the blocks of interface statistics.</summary>
    private static List<(ulong Received, ulong Dropped)> Statistics(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        List<(ulong, ulong)> found = [];
        for (int at = 0; at < bytes.Length; at += BitConverter.ToInt32(bytes, at + 4))
        {
            if (BitConverter.ToUInt32(bytes, at) == 5)
            {
                found.Add((Option(bytes, at, 4), Option(bytes, at, 5)));
            }
        }

        return found;
    }

    private static ulong Option(byte[] bytes, int block, ushort code)
    {
        int at = block + 20;
        while (BitConverter.ToUInt16(bytes, at) != code)
        {
            at += 4 + ((BitConverter.ToUInt16(bytes, at + 2) + 3) & ~3);
        }

        return BitConverter.ToUInt64(bytes, at + 4);
    }
}
