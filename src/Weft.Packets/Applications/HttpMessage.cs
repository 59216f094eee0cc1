using System.Buffers;
using System.Text;

namespace Weft.Packets;

/// <summary>The beginning of an HTTP/1 request or response (RFC 9112), or the preface of an HTTP/2 connection.</summary>
public readonly ref struct HttpMessage
{
    /// <summary>A first line without its end is taken as far as it goes up to here.</summary>
    private const int MaxLine = 8192;

    private static readonly SearchValues<byte> s_ends = SearchValues.Create("\r\n"u8);

    private HttpMessage(ReadOnlySpan<byte> data, int lineLength, bool isCut)
    {
        StartLine = data[..lineLength];
        Rest = data[lineLength..];
        IsCut = isCut;
    }

    /// <summary>The request line or status line without its end.</summary>
    public ReadOnlySpan<byte> StartLine { get; }

    /// <summary>Ends of line, fields, body.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>The start line's end is not among the bytes at hand.</summary>
    public bool IsCut { get; }

    public bool IsResponse => StartLine.StartsWith("HTTP/"u8);

    /// <summary>The value of the Host field; empty where none is at hand.</summary>
    public ReadOnlySpan<byte> Host
    {
        get
        {
            ReadOnlySpan<byte> rest = Rest;
            while (!rest.IsEmpty)
            {
                int end = rest.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = end < 0 ? default : rest[..end].TrimEnd((byte)'\r');
                if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "host:"u8))
                {
                    return line[5..].Trim((byte)' ');
                }

                rest = end < 0 || (line.IsEmpty && end > 1) ? default : rest[(end + 1)..];
            }

            return default;
        }
    }

    public static bool TryParse(ReadOnlySpan<byte> data, out HttpMessage message)
    {
        message = default;
        if (!Begins(data))
        {
            return false;
        }

        int end = data[..Math.Min(data.Length, MaxLine)].IndexOfAny(s_ends);
        bool isCut = end < 0;
        ReadOnlySpan<byte> line = isCut ? data[..Math.Min(data.Length, MaxLine)] : data[..end];
        bool isHttp = line.StartsWith("HTTP/"u8) || isCut || line[(line.LastIndexOf((byte)' ') + 1)..].StartsWith("HTTP/"u8);
        message = isHttp ? new HttpMessage(data, line.Length, isCut) : default;
        return isHttp;
    }

    private static bool Begins(ReadOnlySpan<byte> data) => data is [>= (byte)'A' and <= (byte)'Z', ..]
        && (data.StartsWith("GET "u8) || data.StartsWith("POST "u8) || data.StartsWith("PUT "u8) || data.StartsWith("HEAD "u8)
            || data.StartsWith("HTTP/1."u8) || data.StartsWith("DELETE "u8) || data.StartsWith("PATCH "u8) || data.StartsWith("OPTIONS "u8)
            || data.StartsWith("CONNECT "u8) || data.StartsWith("TRACE "u8) || data.StartsWith("PRI * HTTP/2"u8));
}
