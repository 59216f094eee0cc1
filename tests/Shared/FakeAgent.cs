using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Weft.Tests.Shared;

/// <summary>Answers HTTP requests on a unix socket with what a test prepared, and remembers what was asked.</summary>
public sealed class FakeAgent : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, FakeAnswer> _answers = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-fake-agent-");
    private readonly Task _serving;

    public FakeAgent()
    {
        SocketPath = Path.Combine(_directory.FullName, "weft.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public string SocketPath { get; }

    public IReadOnlyCollection<FakeRequest> Requests => _requests;

    /// <param name="route">Method, space, path and query as sent, as <c>GET /v1/healthz</c>.</param>
    public FakeAgent On(string route, string body, int status = 200) => On(route, Encoding.UTF8.GetBytes(body), status);

    public FakeAgent On(string route, byte[] body, int status = 200)
    {
        _answers[route] = new FakeAnswer(status, body, KeepOpen: false);
        return this;
    }

    /// <summary>The answer does not end before the client hangs up, like a stream of events.</summary>
    public FakeAgent OnStream(string route, byte[] beginning)
    {
        _answers[route] = new FakeAnswer(200, beginning, KeepOpen: true);
        return this;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _serving.GetAwaiter().GetResult();
        _directory.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using Socket client = await _listener.AcceptAsync();
                using NetworkStream stream = new(client);
                await AnswerAsync(stream);
            }
            catch (IOException)
            {
                // The client hung up; the next one may not.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        FakeRequest request = await FakeRequest.ReadAsync(stream);
        _requests.Enqueue(request);
        FakeAnswer answer = _answers.TryGetValue(request.Route, out FakeAnswer? prepared)
            ? prepared
            : new FakeAnswer(404, Encoding.UTF8.GetBytes($$"""{"code":"no-answer-prepared","message":"{{request.Route}}"}"""), KeepOpen: false);

        // The end of the connection ends the body, as it does for a monitor stream.
        string head = $"HTTP/1.1 {answer.Status} Fake\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(answer.Body);
        if (answer.KeepOpen)
        {
            // Nothing more is expected: this ends with the exception of a client that hung up.
            await stream.ReadExactlyAsync(new byte[1]);
        }
    }

    private sealed record FakeAnswer(int Status, byte[] Body, bool KeepOpen);
}
