using System.Net;
using System.Net.Sockets;

namespace Weft.Control.Health;

/// <summary>Answers <c>GET /hello</c> over HTTP with an empty 200: what probes of the cluster's nodes ask for.</summary>
/// <remarks>
/// Everybody on the network can connect, so a connection is good for one request, bounded in size and time, and their number is
/// bounded: whoever comes when it is reached waits in the socket's backlog.
/// </remarks>
internal sealed class HelloListener : IAsyncDisposable
{
    /// <summary>The port that Cilium's agents use for the same.</summary>
    public const int Port = 4240;

    public const string Path = "/hello";

    private const int MaxConnections = 64;
    private const int MaxRequest = 4096;
    private const int Backlog = 128;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _slots = new(MaxConnections, MaxConnections);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="socket">Listens already; owned from here on.</param>
    /// <param name="clock">Time of the limits.</param>
    public HelloListener(Socket socket, TimeProvider clock)
    {
        _socket = socket;
        _clock = clock;
        _accepting = AcceptAsync();
    }

    /// <summary>A listening socket in the network namespace of the calling thread.</summary>
    /// <param name="address">Null: all addresses of the namespace, of both families.</param>
    /// <param name="port">Another one only where a test needs it.</param>
    public static Socket Listen(IPAddress? address, int port = Port)
    {
        address ??= Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new HealthException(
                $"listen for health probes on {new IPEndPoint(address, port)}: {error.Message} "
                    + "(free the port, or start with --health false)",
                error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends the connections and closes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        for (int slot = 0; slot < MaxConnections; slot++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        _socket.Dispose();
        _slots.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _slots.WaitAsync(_stop.Token).ConfigureAwait(false);
                if (await TryAcceptAsync().ConfigureAwait(false) is { } connection)
                {
                    _ = ServeAsync(connection);
                }
                else
                {
                    _slots.Release();
                    await Task.Delay(s_pause, _clock, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The client hung up before it was accepted, or the process has no descriptor left: both pass.
            return null;
        }
        catch (OperationCanceledException)
        {
            _slots.Release();
            throw;
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using CancellationTokenSource patience = new(s_patience, _clock);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
            byte[] answer = AnswerTo(await ReadAsync(connection, either.Token).ConfigureAwait(false));
            await connection.SendAsync(answer, either.Token).ConfigureAwait(false);
            connection.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // A client that hung up or dawdled gets no answer.
        }
        finally
        {
            connection.Dispose();
            _slots.Release();
        }
    }

    /// <returns>What came, up to the end of the headers; longer than allowed: null.</returns>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Socket connection, CancellationToken cancellationToken)
    {
        byte[] request = new byte[MaxRequest];
        int length = 0;
        while (length < request.Length)
        {
            int read = await connection.ReceiveAsync(request.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += read;
            if (read == 0 || request.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return request.AsMemory(0, length);
            }
        }

        return null;
    }

    private static byte[] AnswerTo(ReadOnlyMemory<byte>? request)
    {
        if (request is not { } all)
        {
            return Answer("431 Request Header Fields Too Large");
        }

        ReadOnlySpan<byte> line = all.Span[..Math.Max(all.Span.IndexOf("\r\n"u8), 0)];
        int version = line.LastIndexOf(" HTTP/1."u8);
        return version < 0 || all.Span.IndexOf("\r\n\r\n"u8) < 0 ? Answer("400 Bad Request")
            : line[..version].SequenceEqual("GET /hello"u8) ? Answer("200 OK")
            : Answer("404 Not Found");
    }

    private static byte[] Answer(string status) =>
        System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}
