using Weft.Packets.Text;

namespace Weft.Packets;

/// <summary>Domain names in DNS messages, with compression (RFC 1035 section 4.1.4).</summary>
public static class DnsName
{
    /// <summary>Bytes of the longest name.</summary>
    private const int MaxLength = 255;

    private const byte Pointer = 0xc0;

    /// <summary>Moves behind the name that begins at <paramref name="at"/>; false where the message ends in it.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            byte length = message[at];
            if (length == 0)
            {
                at++;
                return true;
            }

            if ((length & Pointer) == Pointer)
            {
                at += 2;
                return at <= message.Length;
            }

            if ((length & Pointer) != 0)
            {
                return false;
            }

            at += 1 + length;
        }

        return false;
    }

    /// <summary>Writes the name without its last dot, the root as one. False where it is cut short or contradicts itself; what is known is written.</summary>
    /// <remarks>A pointer must point to before where the name went on last, so the walk ends.</remarks>
    public static bool TryWrite(ReadOnlySpan<byte> message, int at, Utf8Output output)
    {
        int limit = at;
        int written = 0;
        while (at < message.Length && written <= MaxLength)
        {
            byte length = message[at];
            if (length == 0)
            {
                output.Write(written == 0 ? "."u8 : default);
                return true;
            }

            if ((length & Pointer) == Pointer)
            {
                int target = at + 1 < message.Length ? ((length & ~Pointer) << 8) | message[at + 1] : int.MaxValue;
                if (target >= limit)
                {
                    return false;
                }

                at = limit = target;
                continue;
            }

            int end = at + 1 + length;
            if ((length & Pointer) != 0)
            {
                return false;
            }

            output.Write(written == 0 ? default : "."u8);
            PrintableText.Write(message[(at + 1)..Math.Min(end, message.Length)], output);
            written += 1 + length;
            at = end;
        }

        return false;
    }
}
