namespace Weft.Packets.Text;

public static partial class ApplicationText
{
    private static bool WriteDns(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = DnsMessage.TryParse(data, out DnsMessage message);
        if (message.Opcode != 0)
        {
            output.Write($" operation {message.Opcode}");
        }

        output.Write(message.IsResponse ? " answer"u8 : " query"u8);
        if (message.IsResponse && message.ResponseCode != 0)
        {
            output.Write(" "u8);
            PacketNames.WriteDnsCode(message.ResponseCode, output);
        }

        bool isCut = false;
        int answers = 0;
        DnsRecordReader records = message.Records;
        while (records.Next() && (records.IsQuestion || records.IsAnswer))
        {
            if (records.IsQuestion)
            {
                output.Write(" "u8);
                PacketNames.WriteDnsType(records.Type, output);
                output.Write(" "u8);
                isCut |= !DnsName.TryWrite(data, records.NameOffset, output);
            }
            else if (++answers <= MaxAnswers)
            {
                output.Write(answers == 1 ? ": "u8 : ", "u8);
                isCut |= !WriteAnswer(records, output);
            }
        }

        // The name of a question that is cut short is worth its beginning.
        if (records is { IsCut: true, IsQuestion: true })
        {
            output.Write(" name "u8);
            _ = DnsName.TryWrite(data, records.NameOffset, output);
        }

        if (message.AnswerCount > Math.Min(answers, MaxAnswers) && answers > 0)
        {
            output.Write($" and {message.AnswerCount - Math.Min(answers, MaxAnswers)} more");
        }

        output.Write(message.IsCutBySender ? " (truncated by its sender)"u8 : default);
        return isCut || records.IsCut;
    }

    /// <summary>False where it is cut short or contradicts itself.</summary>
    internal static bool WriteAnswer(in DnsRecordReader record, Utf8Output output)
    {
        ReadOnlySpan<byte> data = record.Data;
        PacketNames.WriteDnsType(record.Type, output);
        output.Write(" "u8);
        switch (record.Type)
        {
            case DnsType.A when data.Length == IPv4Address.Size:
                output.Write($"{IPv4Address.Read(data)}");
                return true;
            case DnsType.AAAA when data.Length == IPv6Address.Size:
                output.Write($"{IPv6Address.Read(data)}");
                return true;
            case DnsType.CNAME or DnsType.NS or DnsType.PTR:
                return DnsName.TryWrite(record.Message, record.DataOffset, output);
            case DnsType.MX when data.Length > 2:
                return DnsName.TryWrite(record.Message, record.DataOffset + 2, output);
            case DnsType.SRV when data.Length > 6:
                bool isWhole = DnsName.TryWrite(record.Message, record.DataOffset + 6, output);
                output.Write($":{data[4] << 8 | data[5]}");
                return isWhole;
            case DnsType.TXT when data.Length > 0:
                output.Write("\""u8);
                PrintableText.Write(data[1..Math.Min(data.Length, 1 + data[0])], output);
                output.Write("\""u8);
                return true;
            default:
                output.Write($"({data.Length} bytes)");
                return true;
        }
    }
}
