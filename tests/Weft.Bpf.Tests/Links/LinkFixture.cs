using System.Globalization;
using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Links;

/// <summary>A namespace with a pair of devices, and the two programs of tc.bpf.c that count what they see.</summary>
internal sealed class LinkFixture : IDisposable
{
    private readonly BpfObject _programs = TestObject.Load("tc");
    private readonly TestNamespace _namespace = TestNamespace.Create("tc");

    private readonly IfIndex _right;

    public LinkFixture()
    {
        Tool.Run("ip", "-n", _namespace.Name, "link", "add", "left", "type", "veth", "peer", "name", "right");
        Tool.Run("ip", "-n", _namespace.Name, "link", "set", "left", "up");
        Tool.Run("ip", "-n", _namespace.Name, "link", "set", "right", "up");
        Left = IndexOf("left");
        _right = IndexOf("right");
    }

    public IfIndex Left { get; }

    public BpfDirectory Pins { get; } = new();

    public BpfProgram First => _programs.Program("first");

    public BpfProgram Second => _programs.Program("second");

    public string Namespace => _namespace.Name;

    public void Run(Action body) => _namespace.Run(body);

    public T Run<T>(Func<T> body) => _namespace.Run(body);

    /// <summary>Sends one frame out of "right", which arrives at "left", and returns which program it met.</summary>
    public string ProgramMetByArrival() => ProgramMetBy(_right);

    /// <summary>Sends one frame out of "left", and returns which program it met.</summary>
    public string ProgramMetByDeparture() => ProgramMetBy(Left);

    /// <summary>Sends one frame out of "right" and returns once it is certain that no program met it.</summary>
    public bool ArrivalIsNotSeen()
    {
        // A frame passes tc before packet sockets see it leave at the other end: when the socket has it, tc is done.
        (ulong, ulong) before = Counts();
        using RawSocket listener = Run(() => OpenSocket(Left));
        Send(_right);
        byte[] buffer = new byte[2048];
        Assert.Equal(Errno.None, listener.Receive(buffer, out _));
        return Counts() == before;
    }

    private string ProgramMetBy(IfIndex sender)
    {
        (ulong First, ulong Second) before = Counts();
        Send(sender);
        return Eventually.Passes(() =>
        {
            (ulong First, ulong Second) now = Counts();
            Assert.Equal(before.First + before.Second + 1, now.First + now.Second);
            return now.First > before.First ? "first" : "second";
        });
    }

    private void Send(IfIndex device)
    {
        byte[] frame = Packet.OfLength(60);
        (frame[0], frame[12], frame[13]) = (0x02, 0x88, 0xb5);
        using RawSocket socket = Run(() => OpenSocket(device));
        Assert.Equal(Errno.None, socket.Send(frame));
    }

    private static RawSocket OpenSocket(IfIndex device)
    {
        const int AF_PACKET = 17;
        const int SOCK_RAW = 3;
        const ushort EtherType = 0xb588; // ETH_P_802_EX1 in network order
        byte[] address = new byte[20];
        BitConverter.TryWriteBytes(address, (ushort)AF_PACKET);
        BitConverter.TryWriteBytes(address.AsSpan(2), EtherType);
        BitConverter.TryWriteBytes(address.AsSpan(4), device.Value);
        RawSocket socket = RawSocket.Open(AF_PACKET, SOCK_RAW, EtherType, "packet socket");
        Assert.Equal(Errno.None, socket.Bind(address));
        return socket;
    }

    private (ulong First, ulong Second) Counts()
    {
        BpfMap<uint, ulong> packets = _programs.Map("packets").As<uint, ulong>();
        return (packets[0], packets[1]);
    }

    private IfIndex IndexOf(string device) =>
        new(int.Parse(_namespace.Exec("cat", $"/sys/class/net/{device}/ifindex"), CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _programs.Dispose();
        Pins.Dispose();
        _namespace.Dispose();
    }
}
