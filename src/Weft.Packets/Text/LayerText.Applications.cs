namespace Weft.Packets.Text;

public static partial class LayerText
{
    private static void WriteDns(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = DnsMessage.TryParse(data, out DnsMessage message);
        WriteContents(data, default, output);
        output.Write($" ID={message.Id} QR={message.IsResponse} OpCode={message.Opcode} AA={message.IsAuthoritative} TC={message.IsCutBySender}");
        output.Write($" RD={message.RecursionDesired} RA={message.RecursionAvailable} ResponseCode=");
        PacketNames.WriteDnsCode(message.ResponseCode, output);
        output.Write($" QDCount={message.QuestionCount} ANCount={message.AnswerCount} NSCount={message.AuthorityCount} ARCount={message.AdditionalCount}");
        output.Write(" Questions=["u8);
        DnsRecordReader records = message.Records;
        bool inAnswers = false;
        for (ReadOnlySpan<byte> separator = default; records.Next() && (records.IsQuestion || records.IsAnswer); separator = ", "u8)
        {
            if (records.IsAnswer && !inAnswers)
            {
                inAnswers = true;
                separator = "] Answers=["u8;
            }

            output.Write(separator);
            WriteDnsRecord(records, output);
        }

        output.Write(inAnswers ? "]"u8 : "] Answers=[]"u8);
        output.Write(records.IsCut ? " Cut=true"u8 : default);
    }

    private static void WriteDnsRecord(in DnsRecordReader record, Utf8Output output)
    {
        _ = DnsName.TryWrite(record.Message, record.NameOffset, output);
        output.Write(" "u8);
        if (record.IsQuestion)
        {
            PacketNames.WriteDnsType(record.Type, output);
            return;
        }

        output.Write($"{record.TimeToLive} ");
        _ = ApplicationText.WriteAnswer(record, output);
    }

    private static void WriteDhcpv4(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = DhcpMessage.TryParse(data, out DhcpMessage message);
        WriteContents(data, default, output);
        output.Write($" Operation={(message.IsRequest ? "Request" : "Reply")} Xid={message.TransactionId} ClientIP={message.ClientAddress}");
        output.Write($" YourClientIP={message.YourAddress} NextServerIP={message.NextServer} RelayAgentIP={message.Relay}");
        output.Write($" ClientHWAddr={message.Client} Options=[");
        WriteDhcpOptions(message.Options, isIPv6: false, output);
        output.Write(message.HasOptions ? "]"u8 : "] Cut=true"u8);
    }

    private static void WriteDhcpv6(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = Dhcpv6Message.TryParse(data, out Dhcpv6Message message);
        WriteContents(data, default, output);
        output.Write($" MsgType={PacketNames.OfDhcpv6(message.Type)} TransactionID=0x{message.TransactionId:x} Options=[");
        WriteDhcpOptions(message.Options, isIPv6: true, output);
        output.Write("]"u8);
    }

    private static void WriteDhcpOptions(DhcpOptionReader options, bool isIPv6, Utf8Output output)
    {
        for (ReadOnlySpan<byte> separator = default; options.Next(); separator = ", "u8)
        {
            output.Write(separator);
            if (!isIPv6 && options is { Code: 53, Data: [byte type] } && PacketNames.OfDhcp(type) is string name)
            {
                output.Write($"MessageType:{name}");
            }
            else if (!isIPv6 && options.Code is 1 or 3 or 6 or 28 or 42 or 50 or 54 && options.Data.Length >= IPv4Address.Size)
            {
                output.Write($"{options.Code}:{IPv4Address.Read(options.Data)}");
            }
            else
            {
                output.Write($"{options.Code}:0x");
                output.WriteHex(options.Data[..Math.Min(options.Data.Length, 16)]);
            }
        }

        output.Write(options.IsCut ? ", cut"u8 : default);
    }

    private static void WriteNtp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = NtpMessage.TryParse(data, out NtpMessage message);
        WriteContents(message.Header, message.Payload, output);
        output.Write($" LeapIndicator={message.LeapIndicator} Version={message.Version} Mode={message.Mode} Stratum={message.Stratum}");
        output.Write($" Poll={message.Poll} ReferenceID=0x{message.ReferenceId:x8}");
    }

    private static void WriteHttp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = HttpMessage.TryParse(data, out HttpMessage message);
        WriteContents(message.StartLine, message.Rest, output);
        output.Write(message.IsResponse ? " StatusLine=\""u8 : " RequestLine=\""u8);
        PrintableText.Write(message.StartLine, output);
        output.Write("\""u8);
        if (!message.Host.IsEmpty)
        {
            output.Write(" Host="u8);
            PrintableText.Write(message.Host, output);
        }

        output.Write(message.IsCut ? " Cut=true"u8 : default);
    }

    private static void WriteTls(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = TlsRecord.TryParse(data, out TlsRecord record);
        WriteContents(record.Header, record.Payload, output);
        output.Write($" ContentType={PacketNames.Of(record.Type)} RecordVersion=0x{record.Version:x4} Length={record.DeclaredLength}");
        if (record.TryGetHello(out TlsHello hello))
        {
            output.Write($" Handshake={(hello.IsClient ? "ClientHello" : "ServerHello")} Version=0x{hello.Version:x4}");
            if (hello.IsClient)
            {
                output.Write($" CipherSuites={hello.CipherSuites} ServerName=");
            }
            else
            {
                output.Write($" CipherSuite=0x{hello.CipherSuite:x4} ServerName=");
            }

            PrintableText.Write(hello.ServerName, output);
            output.Write(" ALPN=["u8);
            ApplicationText.WriteAlpn(hello.Alpn, output);
            output.Write(hello.IsCut ? "] Cut=true"u8 : "]"u8);
        }
    }

    private static void WriteQuic(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = QuicLongHeader.TryParse(data, out QuicLongHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" Type={PacketNames.Of(header.Type)} Version=0x{header.Version:x} DestinationConnectionID=");
        output.WriteHex(header.Destination);
        output.Write(" SourceConnectionID="u8);
        output.WriteHex(header.Source);
    }
}
