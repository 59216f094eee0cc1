using System.Collections.Immutable;
using System.Globalization;
using Weft.Abi;

namespace Weft.Events;

/// <content>The conditions as the query of a request, so that the agent applies them before it sends.</content>
public sealed partial record EventFilter
{
    private const string EndKey = "end";
    private const string PortKey = "port";
    private const string ProtocolKey = "protocol";
    private const string ReasonKey = "reason";
    private const string InterfaceKey = "interface";
    private const string NotKey = "not";

    /// <summary>
    /// What an agent can tell by itself: all conditions but types and endpoints, which have their own place in a request, and
    /// <see cref="Packet"/>. Nothing where turning round the rest would not be turning round the whole.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToQuery()
    {
        if (Not && (Packet is not null || !From.IsEmpty || !To.IsEmpty || !RelatedTo.IsEmpty))
        {
            return [];
        }

        List<KeyValuePair<string, string>> query =
        [
            .. Ends.Select(end => KeyValuePair.Create(EndKey, end.ToString())),
            .. Ports.Order().Select(port => KeyValuePair.Create(PortKey, port.ToString(CultureInfo.InvariantCulture))),
            .. Protocols.Order().Select(protocol => KeyValuePair.Create(ProtocolKey, protocol.ToString().ToLowerInvariant())),
            .. DropReasons.Order().Select(reason => KeyValuePair.Create(ReasonKey, ((byte)reason).ToString(CultureInfo.InvariantCulture))),
            .. Interfaces.Order(StringComparer.Ordinal).Select(name => KeyValuePair.Create(InterfaceKey, name)),
        ];
        if (Not && query.Count > 0)
        {
            query.Add(KeyValuePair.Create(NotKey, "1"));
        }

        return query;
    }

    /// <summary>Reads what <see cref="ToQuery"/> writes.</summary>
    /// <param name="valuesOf">The values of a key.</param>
    /// <exception cref="FormatException">A value is none; the message says which.</exception>
    public static EventFilter FromQuery(Func<string, IEnumerable<string?>> valuesOf)
    {
        ArgumentNullException.ThrowIfNull(valuesOf);
        EventFilter filter = new()
        {
            Ends = [.. valuesOf(EndKey).Select(text => EndCondition.TryParse(text ?? "", out EndCondition end) ? end : throw Wrong(EndKey, text))],
            Ports = [.. valuesOf(PortKey).Select(text => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : throw Wrong(PortKey, text))],
            Protocols = [.. valuesOf(ProtocolKey).Select(text => PacketProtocols.ByName.TryGetValue(text ?? "", out PacketProtocol protocol) ? protocol : throw Wrong(ProtocolKey, text))],
            DropReasons = [.. valuesOf(ReasonKey).Select(text => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte reason) ? (DropReason)reason : throw Wrong(ReasonKey, text))],
            Interfaces = valuesOf(InterfaceKey).OfType<string>().ToImmutableHashSet(),
            Not = valuesOf(NotKey).Any(text => text == "1"),
        };
        return filter.Ends.Length <= MaxEnds ? filter : throw new FormatException($"monitor: more than {MaxEnds} conditions about ends");
    }

    private static FormatException Wrong(string key, string? value) => new($"monitor {key} '{value}': not a value of this condition");
}
