using System.Buffers;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Weft.Events.Tests;

public class EventRecordTests
{
    [Fact]
    public void Every_field_of_a_trace_record_is_where_it_was_put()
    {
        byte[] bytes = new byte[64 + 3];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i + 1);
        }

        bytes[0] = (byte)EventType.Trace;
        bytes[28] = 3;
        bytes[29] = 0;

        Assert.True(EventRecord.TryParse(bytes, out EventRecord record));
        Assert.Equal(0x0403, record.Header.Source);
        Assert.Equal(0x08070605u, record.Header.Hash);
        Assert.Equal(0x100f0e0d0c0b0a09u, record.Header.Time);
        Assert.Equal(0x14131211u, record.Header.Mark);
        Assert.Equal(0x1615, record.Header.Cpu);
        Assert.Equal(0x1c1b1a19u, record.Trace.LenOrig);
        Assert.Equal((ConntrackState)0x1f, record.Trace.Reason);
        Assert.Equal(0x24232221u, record.Trace.SrcIdentity);
        Assert.Equal(0x28272625u, record.Trace.DstIdentity);
        Assert.Equal(0x2a29, record.DestinationId);
        Assert.Equal(0x302f2e2du, record.Trace.IfIndex);
        Assert.Equal(new WeftAddress(bytes.AsSpan(48, 16)), record.Trace.OrigAddr);
        Assert.Equal([65, 66, 67], record.Packet.ToArray());
    }

    [Fact]
    public void Every_field_of_a_policy_record_is_where_it_was_put()
    {
        byte[] bytes = [.. Enumerable.Range(1, 48 + 3).Select(i => (byte)i)];
        bytes[0] = (byte)EventType.Policy;
        bytes[28] = 3;
        bytes[29] = 0;

        Assert.True(EventRecord.TryParse(bytes, out EventRecord record));
        Assert.Equal(0x1c1b1a19u, record.Policy.LenOrig);
        Assert.Equal((MetricDirection)0x1f, record.Policy.Direction);
        Assert.Equal((PolicyEventFlags)0x20, record.Policy.Flags);
        Assert.Equal(0x24232221u, record.Policy.Peer);
        Assert.Equal(0x28272625u, record.Policy.Rule);
        Assert.Equal((0x2a29, 0x2b, 0x2c), (record.Policy.Port, record.Policy.Proto, record.Policy.Narrow));
        Assert.Equal(0x302f2e2du, record.IfIndex);
        Assert.Equal(0x1c1b1a19u, record.LengthOnWire);
        Assert.Equal([49, 50, 51], record.Packet.ToArray());
    }

    [Fact]
    public void No_prefix_of_a_record_is_a_record()
    {
        foreach (byte[] valid in CraftedEvents.Ping().Concat(CraftedEvents.Verdicts()))
        {
            Fuzz.EveryTruncation(valid, cut => Assert.False(EventRecord.TryParse(cut, out _)));
        }
    }

    [Fact]
    public void Damaged_records_never_break_a_formatter()
    {
        EventNames names = CraftedEvents.Names();
        IEventFormatter[] formatters =
        [
            new EventTextFormatter(names, EventVerbosity.Verbose),
            new EventTextFormatter(names, EventVerbosity.Layers) { Clock = new EventClock(TimeProvider.System) },
            new EventJsonFormatter(names, new EventClock(TimeProvider.System)),
        ];
        var output = new ArrayBufferWriter<byte>();
        foreach (byte[] valid in CraftedEvents.Ping().Concat(CraftedEvents.Verdicts()))
        {
            Fuzz.Mutations(valid, Format, count: 500);
        }

        void Format(byte[] bytes)
        {
            if (EventRecord.TryParse(bytes, out EventRecord record))
            {
                output.ResetWrittenCount();
                foreach (IEventFormatter formatter in formatters)
                {
                    formatter.Write(record, output);
                }
            }
        }
    }

    [Fact]
    public void A_record_is_read_as_nothing_but_its_own_type()
    {
        byte[] bytes = CraftedEvents.Debug(DebugMessage.CtFound, 1);
        Assert.Throws<InvalidOperationException>(() => EventRecord.TryParse(bytes, out EventRecord record) ? record.Drop : default);
    }

    [Fact]
    public void Formatting_allocates_nothing()
    {
        byte[][] records = [.. CraftedEvents.Ping(), .. CraftedEvents.Verdicts()];
        var output = new ArrayBufferWriter<byte>(1 << 16);
        EventNames names = CraftedEvents.Names();
        var clock = new EventClock(TimeProvider.System);
        IEventFormatter[] formatters =
        [
            new EventTextFormatter(names, EventVerbosity.Info) { Clock = clock },
            new EventTextFormatter(names, EventVerbosity.Layers),
            new EventJsonFormatter(names, clock),
        ];
        FormatAll();

        long before = GC.GetAllocatedBytesForCurrentThread();
        FormatAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void FormatAll()
        {
            foreach (IEventFormatter formatter in formatters)
            {
                foreach (byte[] bytes in records)
                {
                    output.ResetWrittenCount();
                    _ = EventRecord.TryParse(bytes, out EventRecord record);
                    formatter.Write(record, output);
                }
            }
        }
    }
}
