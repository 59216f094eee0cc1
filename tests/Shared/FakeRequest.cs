using System.Globalization;
using System.Text;

namespace Weft.Tests.Shared;

/// <summary>What a client sent to a <see cref="FakeAgent"/>.</summary>
/// <param name="Route">Method, space, path and query as sent.</param>
/// <param name="Body">Empty where there was none.</param>
public sealed record FakeRequest(string Route, string Body)
{
    internal static async Task<FakeRequest> ReadAsync(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.Latin1, leaveOpen: true);
        string first = await reader.ReadLineAsync() ?? throw new IOException("the client sent nothing");
        int length = 0;
        bool isChunked = false;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(header.AsSpan(15), CultureInfo.InvariantCulture);
            }

            isChunked |= header.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        }

        if (isChunked)
        {
            // One chunk holds the document; what comes after it depends on the answer.
            length = int.Parse(await reader.ReadLineAsync() ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        char[] body = new char[length];
        if (length > 0)
        {
            // Not for 0: the reader would wait for more of the stream.
            await reader.ReadBlockAsync(body);
        }

        return new FakeRequest(first[..first.LastIndexOf(' ')], Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)));
    }
}
