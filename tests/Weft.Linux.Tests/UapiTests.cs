using System.Runtime.CompilerServices;
using Weft.Linux.Interop;
using Weft.Linux.Packets;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests;

public class UapiTests
{
    private static readonly string[] s_headers =
    [
        "errno.h", "fcntl.h", "sched.h", "signal.h", "spawn.h", "unistd.h", "poll.h", "sys/file.h", "sys/mount.h", "sys/socket.h",
        "sys/stat.h", "sys/wait.h", "net/ethernet.h", "netinet/in.h", "linux/if_packet.h", "linux/capability.h", "linux/nsfs.h",
    ];

    [Fact]
    public void Constants_are_the_systems() => CHeaders.HaveTheSame(
        s_headers,
        [typeof(Errno), typeof(LibC), typeof(Capability), typeof(PacketDirection), typeof(PacketSocket), typeof(ProcessSignal)],
        // Kernel-internal, though it reaches user space.
        "ENOTSUPP");

    [Fact]
    public void Structs_are_as_long_as_the_systems() => CHeaders.HaveTheSameSize(
        s_headers,
        ("struct statx", Unsafe.SizeOf<LibC.StatXBuffer>()),
        ("struct pollfd", Unsafe.SizeOf<LibC.PollEntry>()),
        ("siginfo_t", Unsafe.SizeOf<LibC.SignalInfo>()),
        ("struct sockaddr_ll", Unsafe.SizeOf<LibC.LinkLayerAddress>()),
        ("struct packet_mreq", Unsafe.SizeOf<LibC.PacketMembership>()),
        ("struct tpacket_auxdata", Unsafe.SizeOf<LibC.PacketAuxData>()),
        ("struct msghdr", Unsafe.SizeOf<LibC.MessageHeader>()),
        ("struct iovec", Unsafe.SizeOf<LibC.IoVector>()),
        ("struct cmsghdr", Unsafe.SizeOf<LibC.ControlHeader>()));
}
