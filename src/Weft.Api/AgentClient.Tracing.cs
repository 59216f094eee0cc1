using System.Runtime.CompilerServices;
using System.Text.Json;
using Weft.Api.Tracing;

namespace Weft.Api;

public sealed partial class AgentClient
{
    /// <summary>Traces packets through the node's netfilter rules until <see cref="EndNetfilterTraceAsync"/>, or until the caller stops reading.</summary>
    /// <remarks>Only a trace that was ended, not one whose reader went away, has a summary as its last frame.</remarks>
    public async IAsyncEnumerable<NetfilterTraceFrame> TraceNetfilterAsync(
        NetfilterTraceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using HttpResponseMessage response = await OpenAsync(HttpMethod.Get, request.ToPath(), body: null, cancellationToken);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(lines, cancellationToken) is { } line)
        {
            yield return JsonSerializer.Deserialize(line, ApiJson.Default.NetfilterTraceFrame)
                ?? throw new InvalidDataException("read a line of a netfilter trace: it is null");
        }
    }

    /// <summary>Ends a trace: its stream gets the summary, and ends.</summary>
    /// <param name="id">From its first frame.</param>
    public Task EndNetfilterTraceAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{ApiPaths.NetfilterTrace}/{Uri.EscapeDataString(id)}", body: null, cancellationToken);

    private async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception e) when (IsBrokenConnection(e, cancellationToken))
        {
            throw new AgentUnreachableException(SocketPath, e);
        }
    }
}
