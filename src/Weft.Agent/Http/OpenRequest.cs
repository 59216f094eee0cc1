using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Weft.Agent.Http;

/// <summary>A request whose body goes on after its document, and ends when the client has made use of the answer.</summary>
/// <remarks>
/// So a client that dies in between is told from one that is done, with one request
/// (docs/decisions/0502-an-add-ends-with-its-request.md). A client that sends all at once has confirmed beforehand.
/// </remarks>
internal sealed class OpenRequest(HttpContext context)
{
    private readonly PipeReader _body = context.Request.BodyReader;

    /// <exception cref="ApiRequestException">The body does not begin with such a document.</exception>
    public async Task<T> ReadAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            while (true)
            {
                ReadResult read = await _body.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                if (TryRead(read, type, out T? document, out SequencePosition end))
                {
                    _body.AdvanceTo(end);
                    return document;
                }

                _body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (JsonException error)
        {
            throw new ApiRequestException($"read the request: not the JSON document that this path takes: {error.Message}", error);
        }
    }

    /// <summary>Sends the answer off and waits, as long as the client lives.</summary>
    /// <returns>False: it died, or sent what is no end.</returns>
    public async Task<bool> EndsAsync()
    {
        try
        {
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
            while (true)
            {
                ReadResult read = await _body.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                bool isEnd = read.IsCompleted && read.Buffer.IsEmpty;
                bool isMore = !read.Buffer.IsEmpty;
                _body.AdvanceTo(read.Buffer.End);
                if (isEnd || isMore || read.IsCanceled)
                {
                    return isEnd;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static bool TryRead<T>(
        in ReadResult read, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? document, out SequencePosition end)
        where T : class
    {
        Utf8JsonReader whole = new(read.Buffer, read.IsCompleted, default);
        document = null;
        end = default;
        if (!whole.Read() || !whole.TrySkip())
        {
            return false;
        }

        // A body that is here as a whole must be the document and nothing else.
        end = read.IsCompleted ? read.Buffer.End : whole.Position;
        Utf8JsonReader reader = new(read.Buffer.Slice(read.Buffer.Start, end), isFinalBlock: true, default);
        document = JsonSerializer.Deserialize(ref reader, type)
            ?? throw new ApiRequestException("read the request: the body is 'null' (send the JSON document)");
        return !reader.Read() ? true : throw new JsonException("there is more behind it");
    }
}
