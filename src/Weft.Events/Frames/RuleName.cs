using System.Text.Json;

namespace Weft.Events;

/// <summary>What a rule of a policy is called: payload of frames of kind rule.</summary>
/// <param name="Number">By which events name it.</param>
/// <param name="Name">As <see cref="IRuleNames.Find"/> has it.</param>
public sealed record RuleName(uint Number, string Name)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MonitorJson.Default.RuleName);

    /// <summary>Null where the bytes are not such a document.</summary>
    public static RuleName? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            RuleName? rule = JsonSerializer.Deserialize(json, MonitorJson.Default.RuleName);
            return string.IsNullOrEmpty(rule?.Name) ? null : rule;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
