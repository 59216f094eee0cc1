using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Control.Health;

/// <summary>Asks the agent behind an address for <c>GET /hello</c>, on a connection of its own.</summary>
/// <remarks>
/// Not by HttpClient: that would be megabytes of native code in the agent for one line of an answer. Only the status line is looked at.
/// </remarks>
internal sealed class HelloProbe(TimeProvider clock, int port = HelloListener.Port)
{
    private const int MaxStatusLine = 256;

    /// <inheritdoc cref="HealthProber.Probe"/>
    public async Task<ProbeResult> RunAsync(IPAddress address, CancellationToken deadline)
    {
        IPEndPoint target = new(address, port);
        long start = clock.GetTimestamp();
        string waitingFor = "the connection";
        try
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(target, deadline).ConfigureAwait(false);
            waitingFor = "the answer";
            byte[] request = Encoding.ASCII.GetBytes($"GET {HelloListener.Path} HTTP/1.1\r\nHost: {target}\r\nConnection: close\r\n\r\n");
            await socket.SendAsync(request, deadline).ConfigureAwait(false);
            string? problem = ProblemOf(await ReadStatusLineAsync(socket, deadline).ConfigureAwait(false));
            return problem is null ? new ProbeResult(clock.GetElapsedTime(start), null, clock.GetUtcNow()) : Failed(target, problem);
        }
        catch (SocketException error)
        {
            return Failed(target, error.Message);
        }
        catch (OperationCanceledException)
        {
            return Failed(target, $"deadline exceeded while waiting for {waitingFor}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadStatusLineAsync(Socket socket, CancellationToken deadline)
    {
        byte[] answer = new byte[MaxStatusLine];
        int length = 0;
        while (length < answer.Length)
        {
            int read = await socket.ReceiveAsync(answer.AsMemory(length), deadline).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
            int end = answer.AsSpan(0, length).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                return answer.AsMemory(0, end);
            }
        }

        return default;
    }

    // HTTP/1.1 200 OK (RFC 9112 section 4); the text after the code is optional.
    private static string? ProblemOf(ReadOnlyMemory<byte> statusLine)
    {
        const int prefix = 9;
        ReadOnlySpan<byte> line = statusLine.Span;
        if (line.Length < prefix + 3 || !line.StartsWith("HTTP/1."u8) || line[prefix - 1] != ' ' || !IsCode(line.Slice(prefix, 3)))
        {
            return "the answer is not HTTP";
        }

        ReadOnlySpan<byte> code = line.Slice(prefix, 3);
        return code.SequenceEqual("200"u8) ? null : $"HTTP status {Encoding.ASCII.GetString(code)}";
    }

    private static bool IsCode(ReadOnlySpan<byte> code) => code.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private ProbeResult Failed(IPEndPoint target, string why) =>
        new(TimeSpan.Zero, $"Get \"http://{target}{HelloListener.Path}\": {why}", clock.GetUtcNow());
}
