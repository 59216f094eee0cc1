using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Agent.Http;

/// <summary>Documents of a cluster as the body of a request.</summary>
internal static class ManifestBody
{
    /// <summary>What the readers take at most; other bodies are much smaller.</summary>
    private const int MaxBytes = 32 << 20;

    public static async Task<string> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        using StreamReader body = new(context.Request.Body);
        return await body.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
