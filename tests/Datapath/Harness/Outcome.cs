using System.Text;
using Weft.Abi;
using Weft.Bpf;
using Xunit.Sdk;

namespace Datapath.Harness;

/// <summary>What became of one packet: verdict, bytes, events and counters. The Expect methods fail with all of it.</summary>
internal sealed class Outcome(
    byte[] sent,
    BpfTestRunResult result,
    List<Event> events,
    Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> metrics)
{
    public Verdict Verdict => (Verdict)result.ReturnValue;

    public byte[] Packet => result.Data;

    public uint Mark => result.Context.Mark;

    public List<Event> Events => events;

    public Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> Metrics => metrics;

    /// <summary>The trace events, in order; each is unique on a packet's way through one program.</summary>
    public TraceRecord Trace(TracePoint point) =>
        events.Where(seen => seen.Type == EventType.Trace && seen.Header.Subtype == (byte)point).Select(seen => seen.Trace).Single();

    public string[] Debug => [.. events.Where(seen => seen.Type == EventType.Debug).Select(seen => seen.ToString())];

    public Outcome ExpectForwarded(MetricDirection direction)
    {
        Expect(Verdict == Verdict.Redirect, $"verdict {Verdict}, expected {Verdict.Redirect}");
        return ExpectCounted(DropReason.Forwarded, direction);
    }

    /// <summary>Dropped, counted once and reported once, from a line of a source file that we know.</summary>
    public Outcome ExpectDrop(DropReason reason, MetricDirection direction = MetricDirection.Egress)
    {
        Expect(Verdict == Verdict.Drop, $"verdict {Verdict}, expected {Verdict.Drop}");
        Expect(Packet.AsSpan().SequenceEqual(sent), "the dropped packet was changed");
        return ExpectReported(reason, direction);
    }

    /// <summary>A fragment that waits for the first one of its datagram: gone for now, and nothing is told.</summary>
    public Outcome ExpectHeld()
    {
        Expect(IsHeld, "not held");
        return this;
    }

    public bool IsHeld => Verdict == Verdict.Drop && events.TrueForAll(static seen => seen.Type != EventType.Drop)
        && metrics.Keys.All(static key => key.Reason == DropReason.Interface);

    public Outcome ExpectReported(DropReason reason, MetricDirection direction = MetricDirection.Egress)
    {
        Event[] drops = [.. events.Where(seen => seen.Type == EventType.Drop)];
        Expect(drops.Length == 1, $"{drops.Length} drop events, expected 1");
        Expect(drops[0].Header.Subtype == (byte)reason, $"drop event says {(DropReason)drops[0].Header.Subtype}, expected {reason}");
        Expect(drops[0].Drop.Line != 0 && Enum.IsDefined(drops[0].Drop.File), $"drop event from {drops[0].Drop.File}:{drops[0].Drop.Line}");
        Expect(drops[0].Captured.AsSpan().SequenceEqual(sent.AsSpan(0, Math.Min(sent.Length, 128))), "the event's bytes are not the packet's");
        return ExpectCounted(reason, direction);
    }

    /// <summary>From one pod of the node to another, or back into the one that sent it: it left one endpoint and reached another.</summary>
    public Outcome ExpectPassedOn()
    {
        Expect(Verdict == Verdict.Redirect, $"verdict {Verdict}, expected {Verdict.Redirect}");
        return ExpectCounted((DropReason.Forwarded, MetricDirection.Egress), (DropReason.Forwarded, MetricDirection.Ingress));
    }

    /// <summary>Left to the node's stack.</summary>
    public Outcome ExpectToStack(MetricDirection direction)
    {
        Expect(Verdict is Verdict.Next or Verdict.Stack, $"verdict {Verdict}, expected {Verdict.Next} or {Verdict.Stack}");
        return ExpectCounted(DropReason.Forwarded, direction);
    }

    /// <summary>On the underlay's device, which counts every packet: handed on by the datapath, or by the node's stack.</summary>
    public Outcome ExpectForwardedFromNetdev(MetricDirection direction = MetricDirection.Ingress)
    {
        Expect(Verdict == Verdict.Redirect, $"verdict {Verdict}, expected {Verdict.Redirect}");
        return ExpectCounted((DropReason.Interface, MetricDirection.Ingress), (DropReason.Forwarded, direction));
    }

    public Outcome ExpectIgnoredByNetdev(MetricDirection direction = MetricDirection.Ingress)
    {
        Expect(Verdict == Verdict.Next, $"verdict {Verdict}, expected {Verdict.Next}");
        return ExpectCounted(DropReason.Interface, direction).ExpectPacket(sent);
    }

    public Outcome ExpectDroppedByNetdev(DropReason reason, MetricDirection direction = MetricDirection.Ingress)
    {
        Expect(Verdict == Verdict.Drop, $"verdict {Verdict}, expected {Verdict.Drop}");
        Expect(Packet.AsSpan().SequenceEqual(sent), "the dropped packet was changed");
        return ExpectCounted((DropReason.Interface, direction), (reason, direction));
    }

    /// <summary>Refused, counted and reported, and the sender is told by the packet that came out.</summary>
    public Outcome ExpectAnswered(DropReason reason, byte[] answer, MetricDirection direction = MetricDirection.Egress)
    {
        Expect(Verdict == Verdict.Redirect, $"verdict {Verdict}, expected {Verdict.Redirect}");
        Expect(metrics.GetValueOrDefault((reason, direction)).Packets == 1, $"expected {reason} {direction} to be counted once");
        Expect(events.Count(seen => seen.Type == EventType.Drop) == 1, "expected one drop event");
        return ExpectPacket(answer);
    }

    /// <summary>Each of these once, with the bytes of the packet as it was sent, and nothing else.</summary>
    public Outcome ExpectCounted(params (DropReason Reason, MetricDirection Direction)[] expected)
    {
        Expect(metrics.Keys.ToHashSet().SetEquals(expected), $"expected counted: {string.Join(", ", expected)}");
        Expect(metrics.Values.All(value => value.Packets == 1), "counted more than once");
        return this;
    }

    public Outcome ExpectCounted(DropReason reason, MetricDirection direction)
    {
        MetricValue counted = metrics.GetValueOrDefault((reason, direction));
        Expect(metrics.Count == 1 && counted.Packets == 1 && counted.Bytes == (ulong)sent.Length, $"expected {reason} {direction}: 1 packet, {sent.Length} bytes");
        return this;
    }

    public Outcome ExpectPacket(byte[] expected)
    {
        Expect(Packet.AsSpan().SequenceEqual(expected), HexDiff.Of(expected, Packet));
        return this;
    }

    /// <summary>In this order, nothing else.</summary>
    public Outcome ExpectEvents(params string[] expected)
    {
        string[] seen = [.. events.Select(item => item.ToString())];
        Expect(seen.SequenceEqual(expected), $"expected events:\n  {string.Join("\n  ", expected)}");
        return this;
    }

    public void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new XunitException(Describe(what));
        }
    }

    private string Describe(string what)
    {
        StringBuilder text = new();
        _ = text.AppendLine(what)
            .AppendLine($"verdict {Verdict}, mark {Mark:x}")
            .AppendLine($"sent     {Convert.ToHexStringLower(sent)}")
            .AppendLine($"came out {Convert.ToHexStringLower(Packet)}");
        foreach (((DropReason reason, MetricDirection direction), MetricValue value) in metrics)
        {
            _ = text.AppendLine($"counted {reason} {direction}: {value.Packets} packets, {value.Bytes} bytes");
        }

        foreach (Event seen in events)
        {
            _ = text.AppendLine($"event {seen}{(seen.Type == EventType.Drop ? $" at {SourceFiles.Name(seen.Drop.File)}:{seen.Drop.Line}" : "")}");
        }

        return text.ToString();
    }
}
