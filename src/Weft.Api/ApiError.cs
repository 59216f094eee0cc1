using System.Text.Json.Serialization;

namespace Weft.Api;

/// <summary>Body of every answer of the agent that is not a success.</summary>
/// <param name="Code">A word for programs, as <c>endpoint-not-found</c>.</param>
/// <param name="Message">What was tried, on what: why (what to do).</param>
public sealed record ApiError(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message)
{
    /// <summary>Code: an address that was asked for is in use, or none of this node's.</summary>
    public const string AddressRefused = "address-refused";
}
