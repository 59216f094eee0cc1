namespace Weft.Packets.Text;

/// <summary>What an application says, in a few words: <c>dns query A example.com</c>, <c>tls ClientHello for example.com, TLS 1.3</c>.</summary>
/// <remarks>
/// What the bytes at hand do not say is not guessed: a line ends in <c>[cut]</c> where the capture ended first, in <c>[goes on]</c> where the
/// next segment of a stream has the rest, in <c>[malformed]</c> where a whole datagram contradicts itself.
/// </remarks>
public static partial class ApplicationText
{
    /// <summary>Answers of a DNS message that are written out.</summary>
    private const int MaxAnswers = 4;

    public static bool IsApplication(LayerKind kind) => kind >= LayerKind.Dns;

    /// <summary>Name of the protocol in small letters.</summary>
    public static ReadOnlySpan<byte> NameOf(LayerKind kind) => kind switch
    {
        LayerKind.Dns => "dns"u8,
        LayerKind.Dhcpv4 => "dhcpv4"u8,
        LayerKind.Dhcpv6 => "dhcpv6"u8,
        LayerKind.Ntp => "ntp"u8,
        LayerKind.Http => "http"u8,
        LayerKind.Tls => "tls"u8,
        _ => "quic"u8,
    };

    /// <summary>Writes the words without an end of line.</summary>
    /// <param name="kind">An application's.</param>
    /// <param name="data">From its first byte on.</param>
    /// <param name="isTruncated">The packet is longer than the bytes at hand.</param>
    public static void Write(LayerKind kind, ReadOnlySpan<byte> data, bool isTruncated, Utf8Output output)
    {
        output.Write(NameOf(kind));
        bool isCut = kind switch
        {
            LayerKind.Dns => WriteDns(data, output),
            LayerKind.Dhcpv4 => WriteDhcpv4(data, output),
            LayerKind.Dhcpv6 => WriteDhcpv6(data, output),
            LayerKind.Ntp => WriteNtp(data, output),
            LayerKind.Http => WriteHttp(data, output),
            LayerKind.Tls => WriteTls(data, output),
            _ => WriteQuic(data, output),
        };
        if (isCut)
        {
            output.Write(isTruncated ? " [cut]"u8 : kind is LayerKind.Http or LayerKind.Tls ? " [goes on]"u8 : " [malformed]"u8);
        }
    }

    private static bool WriteHttp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        const int longest = 200;
        _ = HttpMessage.TryParse(data, out HttpMessage message);
        output.Write(" "u8);
        PrintableText.Write(message.StartLine[..Math.Min(message.StartLine.Length, longest)], output);
        output.Write(message.StartLine.Length > longest ? "…"u8 : default);
        if (!message.Host.IsEmpty)
        {
            output.Write(" host "u8);
            PrintableText.Write(message.Host[..Math.Min(message.Host.Length, longest)], output);
        }

        return message.IsCut;
    }

    private static bool WriteTls(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = TlsRecord.TryParse(data, out TlsRecord record);
        output.Write(" "u8);
        if (!record.TryGetHello(out TlsHello hello))
        {
            output.Write(PacketNames.Of(record.Type));
            if (record is { Type: TlsContentType.Alert, DeclaredLength: 2, Payload: [byte level, byte alert] })
            {
                output.Write($" {(level == 2 ? "fatal" : "warning")} {alert}");
            }

            return false;
        }

        output.Write(hello.IsClient ? "ClientHello"u8 : "ServerHello"u8);
        if (!hello.ServerName.IsEmpty)
        {
            output.Write(" for "u8);
            PrintableText.Write(hello.ServerName, output);
        }

        output.Write(", "u8);
        PacketNames.WriteTlsVersion(hello.Version, output);
        if (!hello.Alpn.IsEmpty)
        {
            output.Write(", alpn "u8);
            WriteAlpn(hello.Alpn, output);
        }

        return hello.IsCut;
    }

    internal static void WriteAlpn(ReadOnlySpan<byte> protocols, Utf8Output output)
    {
        for (bool first = true; !protocols.IsEmpty; first = false)
        {
            int length = Math.Min(protocols[0], protocols.Length - 1);
            output.Write(first ? default : ","u8);
            PrintableText.Write(protocols.Slice(1, length), output);
            protocols = protocols[(1 + length)..];
        }
    }

    private static bool WriteQuic(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = QuicLongHeader.TryParse(data, out QuicLongHeader header);
        output.Write($" {PacketNames.Of(header.Type)} ");
        PacketNames.WriteQuicVersion(header.Version, output);
        output.Write(" dcid "u8);
        output.WriteHex(header.Destination);
        output.Write(" scid "u8);
        output.WriteHex(header.Source);
        return false;
    }

    private static bool WriteNtp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = NtpMessage.TryParse(data, out NtpMessage message);
        output.Write($" {PacketNames.OfNtpMode(message.Mode)} v{message.Version}");
        if (message.Mode != 3)
        {
            output.Write($" stratum {message.Stratum}");
        }

        return false;
    }

    private static bool WriteDhcpv4(ReadOnlySpan<byte> data, Utf8Output output)
    {
        const ushort messageType = 53;
        const ushort requestedAddress = 50;
        _ = DhcpMessage.TryParse(data, out DhcpMessage message);
        byte type = 0;
        IPv4Address requested = default;
        DhcpOptionReader options = message.Options;
        while (options.Next())
        {
            type = options.Code == messageType && options.Data.Length == 1 ? options.Data[0] : type;
            requested = options.Code == requestedAddress && options.Data.Length == 4 ? IPv4Address.Read(options.Data) : requested;
        }

        output.Write($" {PacketNames.OfDhcp(type) ?? (message.IsRequest ? "request" : "reply")} client {message.Client} xid 0x{message.TransactionId:x}");
        if (message.YourAddress.Value != 0)
        {
            output.Write($" your-ip {message.YourAddress}");
        }

        if (requested.Value != 0)
        {
            output.Write($" requested {requested}");
        }

        return options.IsCut || !message.HasOptions;
    }

    private static bool WriteDhcpv6(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = Dhcpv6Message.TryParse(data, out Dhcpv6Message message);
        output.Write($" {PacketNames.OfDhcpv6(message.Type)}");
        if (!message.IsRelayed)
        {
            output.Write($" xid 0x{message.TransactionId:x}");
        }

        return false;
    }
}
