using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Weft.Api;

namespace Weft.Agent.Http;

/// <summary>Reads and writes the JSON documents of the API, without reflection.</summary>
internal static class ApiWriter
{
    private const string JsonType = "application/json; charset=utf-8";

    public static async Task WriteAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = JsonType;
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(document, type);
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    public static Task WriteErrorAsync(HttpContext context, int status, string code, string message) =>
        WriteAsync(context, new ApiError(code, message), ApiJson.Default.ApiError, status);

    /// <exception cref="ApiRequestException">The body is not such a document.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false)
                ?? throw new ApiRequestException("read the request: the body is 'null' (send the JSON document)");
        }
        catch (JsonException error)
        {
            throw new ApiRequestException($"read the request: not the JSON document that this path takes: {error.Message}", error);
        }
    }
}
