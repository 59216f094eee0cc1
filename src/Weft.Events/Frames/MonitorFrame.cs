using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Weft.Events;

/// <summary>The unit of a monitor stream: length of the payload (u32), kind (u8), three zero bytes, payload. Numbers are little-endian.</summary>
public readonly record struct MonitorFrame(MonitorFrameKind Kind, ReadOnlyMemory<byte> Payload)
{
    public const int HeaderSize = 8;

    /// <summary>The longest payload that is written or taken: names of tens of thousands of interfaces fit.</summary>
    public const int MaxPayload = 4 << 20;

    /// <summary>Size of the payload of <see cref="MonitorFrameKind.Lost"/>.</summary>
    public const int LostSize = 9;

    /// <summary>False where the frame is of another kind or too short.</summary>
    public bool TryGetLost(out ulong count, out LostCause cause)
    {
        bool valid = Kind == MonitorFrameKind.Lost && Payload.Length >= LostSize;
        count = valid ? BinaryPrimitives.ReadUInt64LittleEndian(Payload.Span) : 0;
        cause = valid ? (LostCause)Payload.Span[8] : default;
        return valid;
    }

    /// <summary>Null where the frame is of another kind or not what it says.</summary>
    public TracingNames? GetTracing() => Kind == MonitorFrameKind.Tracing ? TracingNames.FromJson(Payload.Span) : null;

    /// <summary>Null where the frame is of another kind or not what it says.</summary>
    public AgentNotice? GetNotice() => Kind == MonitorFrameKind.Notice ? AgentNotice.FromJson(Payload.Span) : null;

    /// <summary>Null where the frame is of another kind or not what it says.</summary>
    public TracedFunctions? GetFunctions() => Kind == MonitorFrameKind.Functions ? TracedFunctions.FromJson(Payload.Span) : null;

    /// <summary>Null where the frame is of another kind or not what it says.</summary>
    public RuleName? GetRule() => Kind == MonitorFrameKind.Rule ? RuleName.FromJson(Payload.Span) : null;

    /// <summary>Names of functions by address; none where the frame is of another kind or not what it says.</summary>
    public IReadOnlyDictionary<ulong, string> GetSymbols()
    {
        Dictionary<ulong, string> symbols = [];
        try
        {
            Dictionary<string, string>? names = Kind == MonitorFrameKind.Symbols ? JsonSerializer.Deserialize(Payload.Span, MonitorJson.Default.Symbols) : null;
            foreach ((string address, string name) in names ?? [])
            {
                if (ulong.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
                {
                    symbols[value] = name;
                }
            }
        }
        catch (JsonException)
        {
            // Addresses are shown as they are.
        }

        return symbols;
    }

    /// <summary>Null where the frame is of another kind or not what it says.</summary>
    public MonitorNames? GetNames() => Kind == MonitorFrameKind.Names ? MonitorNames.FromJson(Payload.Span) : null;
}
