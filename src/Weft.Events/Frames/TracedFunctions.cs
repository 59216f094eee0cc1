using System.Text.Json;

namespace Weft.Events;

/// <summary>How far a node has come in making functions of its kernel tell of packets: payload of frames of kind functions.</summary>
/// <param name="Total">Functions that were asked for.</param>
/// <param name="Attached">Those that tell.</param>
/// <param name="Refused">Those that the kernel does not let tell.</param>
/// <param name="Fault">Why none does; null: some do, or are about to.</param>
public sealed record TracedFunctions(int Total, int Attached, int Refused, string? Fault)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MonitorJson.Default.TracedFunctions);

    /// <summary>Null where the bytes are not such a document.</summary>
    public static TracedFunctions? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MonitorJson.Default.TracedFunctions);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
