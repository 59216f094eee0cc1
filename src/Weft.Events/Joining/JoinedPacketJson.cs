using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Abi;
using Weft.Events.Hops;

namespace Weft.Events;

/// <summary>One packet with its events as an object of one line.</summary>
public static class JoinedPacketJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="packet">The packet.</param>
    /// <param name="nameOf">What an address is called; null: it has no name.</param>
    /// <param name="clock">Of the node where it was seen first.</param>
    /// <param name="output">Gets the object and an end of line.</param>
    public static void Write(JoinedPacket packet, Func<IPAddress, string?> nameOf, EventClock clock, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(nameOf);
        ArgumentNullException.ThrowIfNull(clock);
        using Utf8JsonWriter json = new(output, s_options);
        PacketFacts facts = packet.Seen[0].Facts;
        json.WriteStartObject();
        json.WriteString("type", "packet");
        json.WriteString("time", clock.ToUtc(packet.Seen[0].Time).UtcDateTime);
        bool hasPorts = facts.EchoSequence is null;
        WriteEnd(json, "source", facts.Source, hasPorts ? facts.SourcePort : null, nameOf);
        WriteEnd(json, "destination", facts.Destination, hasPorts ? facts.DestinationPort : null, nameOf);
        json.WriteString("words", JoinedPacketText.Line(packet, nameOf));
        json.WriteBoolean("finished", packet.IsFinished);
        json.WriteStartArray("events");
        foreach (Sighting seen in packet.Seen)
        {
            WriteEvent(json, packet, seen);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    private static void WriteEnd(Utf8JsonWriter json, string name, IPAddress? address, int? port, Func<IPAddress, string?> nameOf)
    {
        if (address is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("address", address.ToString());
        if (port is { } number)
        {
            json.WriteNumber("port", number);
        }

        if (nameOf(address) is { } known)
        {
            json.WriteString("name", known);
        }

        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, JoinedPacket packet, Sighting seen)
    {
        json.WriteStartObject();
        json.WriteString("node", seen.Node);
        if (seen.Program is { } program)
        {
            json.WriteString("point", program.Point is { } point ? TraceNames.Point(point) : program.Judgement is null ? "drop" : "policy-verdict");
            if (program.Judgement is { } judgement)
            {
                json.WriteString("direction", PolicyNames.Direction(judgement.Verdict));
                json.WriteString("action", PolicyNames.Action(judgement.Verdict));
                json.WriteString("match", PolicyNames.Match(judgement.Verdict));
                json.WriteString("rule", judgement.RuleNumber);
                json.WriteString("ruleName", judgement.RuleName);
            }

            if (program.Drop is { } reason)
            {
                json.WriteString("reason", DropReasons.Text(reason));
                json.WriteString("place", program.DropPlace);
            }

            json.WriteNumber("sourceIdentity", program.SourceIdentity);
            json.WriteNumber("destinationIdentity", program.DestinationIdentity);
            json.WriteNumber("endpoint", program.Endpoint);
            json.WriteString("state", TraceNames.State(program.Conntrack));
            json.WriteString("interface", program.Device);
        }

        if (packet.HasOneClock || seen.Node == packet.Seen[0].Node)
        {
            json.WriteNumber("nanoseconds", seen.Time - packet.Seen[0].Time);
        }

        json.WriteEndObject();
    }
}
