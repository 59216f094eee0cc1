using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Api;

/// <summary>Speaks to one agent over its unix socket.</summary>
/// <remarks>Thread-safe. Every call throws <see cref="AgentUnreachableException"/> or <see cref="AgentApiException"/>.</remarks>
public sealed partial class AgentClient : IDisposable
{
    public const string DefaultSocketPath = "/run/weft/weft.sock";

    /// <summary>Longest wait for an answer; creating an endpoint is the slowest call and takes milliseconds.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public AgentClient(string socketPath)
    {
        SocketPath = socketPath;
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = (_, cancellationToken) => ConnectAsync(socketPath, cancellationToken),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://weft"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public string SocketPath { get; }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, body: null, type, cancellationToken);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            using HttpResponseMessage response = await OpenAsync(method, path, body, limit.Token);
            byte[] content = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return JsonSerializer.Deserialize(content, type)
                ?? throw new InvalidDataException($"read the agent's answer to {method} {path}: it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"read the agent's answer to {method} {path}: {e.Message} (are weft and weft-agent of the same version?)", e);
        }
        catch (Exception e) when (IsBrokenConnection(e, cancellationToken))
        {
            throw new AgentUnreachableException(SocketPath, e);
        }
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            using HttpResponseMessage response = await OpenAsync(method, path, body, limit.Token);
        }
        catch (Exception e) when (IsBrokenConnection(e, cancellationToken))
        {
            throw new AgentUnreachableException(SocketPath, e);
        }
    }

    /// <summary>Sends a request and returns once a success has been announced; the body is still to be read.</summary>
    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = body };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new AgentUnreachableException(SocketPath, e.InnerException ?? e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            throw new AgentApiException(response.StatusCode, ReadError(content, $"{method} {path}: HTTP {(int)response.StatusCode}"));
        }
    }

    private static ApiError ReadError(byte[] content, string otherwise)
    {
        try
        {
            ApiError? error = JsonSerializer.Deserialize(content, ApiJson.Default.ApiError);
            if (error is { Message: not null })
            {
                return error;
            }
        }
        catch (JsonException)
        {
            // Something else than an agent, or a proxy before it: the status is all there is to tell.
        }

        return new ApiError("unknown", otherwise);
    }

    /// <summary>A connection that broke or timed out, as opposed to a caller who gave up.</summary>
    private static bool IsBrokenConnection(Exception e, CancellationToken callers) =>
        e is IOException or HttpRequestException or SocketException
        || (e is OperationCanceledException && !callers.IsCancellationRequested);

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new("application/json");
        return content;
    }
}
