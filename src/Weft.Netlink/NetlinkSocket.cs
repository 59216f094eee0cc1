using System.Runtime.InteropServices;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink;

/// <summary>A connection to one netlink family of the kernel, for requests that are answered and acknowledged.</summary>
/// <remarks>
/// Thread-safe: one request at a time. It speaks to the network namespace that it was opened in, for good.
/// Calls block for as long as the kernel works, mostly microseconds; the kernel may hold its own lock for longer.
/// </remarks>
public sealed partial class NetlinkSocket : IDisposable
{
    /// <summary>The kernel makes dump datagrams as big as the reader's buffer, up to 32 KiB; a single message may be bigger.</summary>
    internal const int ReceiveSize = 64 * 1024;

    /// <summary>A dump that changes under the reader this often is reported, not repeated for ever.</summary>
    private const int MaxDumpTries = 10;

    /// <summary>Far more than the kernel takes; it only keeps a broken one from holding the caller for ever.</summary>
    private static readonly TimeSpan s_defaultAnswerDeadline = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly RawSocket _socket;
    private readonly TimeSpan _answerDeadline;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReceiveSize);
    private uint _sequence;

    /// <summary>Speaks over any socket that keeps messages apart; takes ownership of it.</summary>
    internal NetlinkSocket(RawSocket socket, TimeSpan? answerDeadline = null)
    {
        _socket = socket;
        _answerDeadline = answerDeadline ?? s_defaultAnswerDeadline;
    }

    /// <summary>Returns whether the message was understood; what is not is passed over.</summary>
    public delegate bool MessageParser<T>(NetlinkMessage message, out T value);

    /// <param name="protocol">NETLINK_*: 0 is rtnetlink.</param>
    /// <param name="networkNamespace">Null is the namespace of the calling thread.</param>
    public static NetlinkSocket Open(int protocol, NetworkNamespace? networkNamespace = null) =>
        new(NetlinkSockets.Open(protocol, networkNamespace));

    /// <summary>Sends a request for a change and waits for its acknowledgement.</summary>
    public void Execute(Span<byte> message, NetlinkRequest request)
    {
        lock (_gate)
        {
            Send(message, NetlinkH.NLM_F_ACK, request);
            Receive<bool>(message, request, parse: null, into: null);
        }
    }

    /// <summary>Asks for one object.</summary>
    /// <returns>False if the kernel acknowledged without an object that the parser understands.</returns>
    public bool TryGet<T>(Span<byte> message, NetlinkRequest request, MessageParser<T> parse, out T value)
    {
        List<T> found = [];
        lock (_gate)
        {
            Send(message, NetlinkH.NLM_F_ACK, request);
            Receive(message, request, parse, found);
        }

        value = found.Count > 0 ? found[0] : default!;
        return found.Count > 0;
    }

    /// <summary>Asks for all objects, again from the start while the kernel says that they changed meanwhile (NLM_F_DUMP_INTR).</summary>
    public List<T> Dump<T>(Span<byte> message, NetlinkRequest request, MessageParser<T> parse)
    {
        lock (_gate)
        {
            for (int tries = 0; tries < MaxDumpTries; tries++)
            {
                List<T> found = [];
                Send(message, NetlinkH.NLM_F_DUMP, request);
                if (Receive(message, request, parse, found))
                {
                    return found;
                }
            }
        }

        throw new NetlinkException(request.Attempt, Errno.EINTR, $"the list changed during each of {MaxDumpTries} reads: try again later");
    }

    public void Dispose() => _socket.Dispose();

    private void Send(Span<byte> message, ushort flags, NetlinkRequest request)
    {
        NetlinkHeader header = MemoryMarshal.Read<NetlinkHeader>(message);
        header.Flags |= flags;
        header.Sequence = ++_sequence;
        MemoryMarshal.Write(message, in header);
        Errno errno = _socket.Send(message);
        if (errno != Errno.None)
        {
            throw request.Failure(errno, ExtendedAck.None);
        }
    }

    /// <summary>Receives until the answer is complete.</summary>
    /// <returns>False if a dump was interrupted by a change.</returns>
    private bool Receive<T>(ReadOnlySpan<byte> sent, NetlinkRequest request, MessageParser<T>? parse, List<T>? into)
    {
        bool consistent = true;
        while (true)
        {
            NetlinkMessages messages = new(ReceiveDatagram(request));
            while (messages.TryRead(out NetlinkMessage message))
            {
                // An older number: the rest of an answer whose reader gave up on a failure.
                if (message.Sequence != _sequence)
                {
                    continue;
                }

                consistent &= (message.Flags & NetlinkH.NLM_F_DUMP_INTR) == 0;
                if (message.Type is NetlinkH.NLMSG_ERROR or NetlinkH.NLMSG_DONE)
                {
                    ThrowOnError(message, sent, request);
                    return consistent;
                }

                if (message.Type >= NetlinkH.NLMSG_MIN_TYPE && parse is not null && parse(message, out T value))
                {
                    into!.Add(value);
                }
            }

            if (messages.IsMalformed)
            {
                throw new NetlinkException(request.Attempt, Errno.EBADMSG, "the answer holds a message longer than itself");
            }
        }
    }

    private ReadOnlySpan<byte> ReceiveDatagram(NetlinkRequest request)
    {
        if (!_socket.WaitReadable(_answerDeadline))
        {
            throw new NetlinkException(
                request.Attempt, Errno.ETIMEDOUT, $"the kernel did not answer within {_answerDeadline.TotalSeconds} s");
        }

        Errno errno = _socket.Receive(_buffer, out int length);
        if (errno == Errno.ENOBUFS)
        {
            throw new NetlinkException(request.Attempt, errno, "the kernel's answer was lost: read the state before trying again");
        }

        if (errno == Errno.None && length > _buffer.Length)
        {
            errno = Errno.EMSGSIZE;
        }

        return errno == Errno.None ? _buffer.AsSpan(0, length) : throw new NetlinkException(request.Attempt, errno);
    }

    private static void ThrowOnError(NetlinkMessage message, ReadOnlySpan<byte> sent, NetlinkRequest request)
    {
        if (message.Payload.Length < sizeof(int))
        {
            return;
        }

        int result = MemoryMarshal.Read<int>(message.Payload);
        if (result < 0)
        {
            throw request.Failure((Errno)(-result), NetlinkErrors.ReadExtendedAck(message, sent));
        }
    }
}
