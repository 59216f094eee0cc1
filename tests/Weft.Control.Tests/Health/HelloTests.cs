using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Control.Health;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Health;

/// <summary>The listener and the probe of <c>GET /hello</c>, with each other and with what is neither.</summary>
public sealed class HelloTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly Socket _socket = HelloListener.Listen(IPAddress.Loopback, port: 0);
    private readonly HelloListener _listener;

    public HelloTests() => _listener = new HelloListener(_socket, _clock);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Fact]
    public async Task The_probe_is_answered_by_the_listener() =>
        Assert.Null((await new HelloProbe(TimeProvider.System, Port).RunAsync(IPAddress.Loopback, Test)).Error);

    [Theory]
    [InlineData("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n")]
    [InlineData("GET /hello HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n")]
    [InlineData("GET /hello/../etc HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ")]
    [InlineData("POST /hello HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ")]
    [InlineData("GET /hello\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("\0\x01\x02\r\n\r\n", "HTTP/1.1 400 ")]
    public async Task Only_a_hello_gets_an_ok(string request, string answer) =>
        Assert.StartsWith(answer, await AskAsync(Encoding.ASCII.GetBytes(request)), StringComparison.Ordinal);

    [Fact]
    public async Task A_request_without_end_is_refused() =>
        Assert.StartsWith(
            "HTTP/1.1 431 ", await AskAsync([.. "GET /hello HTTP/1.1\r\n"u8, .. new byte[4096 - 21]]), StringComparison.Ordinal);

    [Fact]
    public async Task A_hundred_silent_clients_keep_a_probe_waiting_for_their_time_only()
    {
        Socket[] silent = [.. await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ConnectAsync()))];
        Task<string> asked = AskAsync("GET /hello HTTP/1.1\r\n\r\n"u8.ToArray());

        string answer = await Eventually.BecomesAsync(
            "the probe is answered",
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(asked.IsCompleted ? asked.Result : "");
            },
            text => text.Length > 0);

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.All(silent, socket => socket.Dispose());
    }

    [Fact]
    public void A_port_in_use_is_told_with_what_to_do()
    {
        HealthException error = Assert.Throws<HealthException>(() => HelloListener.Listen(IPAddress.Loopback, Port));

        Assert.Contains($"127.0.0.1:{Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--health false", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Oops\r\n\r\n", "HTTP status 500")]
    [InlineData("HTTP/1.1 200\r\n\r\n", null)]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 2", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 2x0 OK\r\n", "the answer is not HTTP")]
    [InlineData("", "the answer is not HTTP")]
    public async Task The_probe_says_what_is_wrong_with_an_answer(string answer, string? problem)
    {
        using Socket server = HelloListener.Listen(IPAddress.Loopback, port: 0);
        Task serving = AnswerOnceAsync(server, Encoding.ASCII.GetBytes(answer));

        string? error = (await ProbeAsync(server, Test)).Error;

        await serving;
        Assert.Equal(problem is null ? null : $"Get \"http://{server.LocalEndPoint}/hello\": {problem}", error);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        using Socket server = HelloListener.Listen(IPAddress.Loopback, port: 0);
        Task serving = AnswerOnceAsync(server, new byte[4 << 20]);

        Assert.Contains("the answer is not HTTP", (await ProbeAsync(server, Test)).Error, StringComparison.Ordinal);

        await serving;
    }

    [Fact]
    public async Task A_server_that_accepts_and_is_silent_is_given_up_at_the_deadline()
    {
        using Socket server = HelloListener.Listen(IPAddress.Loopback, port: 0);
        using CancellationTokenSource deadline = new(TimeSpan.FromMilliseconds(50));

        ProbeResult result = await ProbeAsync(server, deadline.Token);

        Assert.EndsWith("/hello\": deadline exceeded while waiting for the answer", result.Error, StringComparison.Ordinal);
    }

    private static Task<ProbeResult> ProbeAsync(Socket server, CancellationToken deadline) =>
        new HelloProbe(TimeProvider.System, ((IPEndPoint)server.LocalEndPoint!).Port).RunAsync(IPAddress.Loopback, deadline);

    private static async Task AnswerOnceAsync(Socket server, byte[] answer)
    {
        using Socket client = await server.AcceptAsync(Test);
        try
        {
            await client.ReceiveAsync(new byte[4096], Test);
            await client.SendAsync(answer, Test);
        }
        catch (SocketException)
        {
            // The probe has read enough and hung up.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, Port, Test);
        return client;
    }

    private async Task<string> AskAsync(byte[] request)
    {
        using Socket client = await ConnectAsync();
        await client.SendAsync(request, Test);
        byte[] answer = new byte[256];
        return Encoding.ASCII.GetString(answer, 0, await client.ReceiveAsync(answer, Test));
    }
}
