using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;

namespace Weft.Bpf.Tests.RingBuffers;

/// <summary>The ring of ring.bpf.c, the program that fills it, and a reader.</summary>
internal sealed class RingFixture : IDisposable
{
    private readonly BpfObject _object = TestObject.Load("ring");

    public RingFixture() => Reader = new RingBufferReader(_object.Map("ring"));

    public RingBufferReader Reader { get; private set; }

    public BpfMap Ring => _object.Map("ring");

    /// <summary>Records that found no room.</summary>
    public ulong Lost => _object.Map("lost").AsPerCpu<uint, ulong>().Sum(0u);

    /// <summary>Writes records with sequence numbers that go on from the last call.</summary>
    public void Emit(int count, int size) => _object.Program("emit")
        .TestRun(Packet.OfLength(60), new() { Repeat = count, Context = new() { Mark = (uint)size } });

    public void EmitAndDiscard() => _object.Program("emit_and_discard").TestRun(Packet.OfLength(60));

    /// <summary>Everything that is there, as sequence number and length.</summary>
    public List<(ulong Sequence, int Length)> ReadAll()
    {
        List<(ulong, int)> records = [];
        while (Reader.TryRead(out ReadOnlySpan<byte> record))
        {
            ulong sequence = BitConverter.ToUInt64(record);
            if (record.Length > 8)
            {
                Assert.Equal((byte)sequence, record[^1]);
            }

            records.Add((sequence, record.Length));
        }

        return records;
    }

    /// <summary>As a restarted process would.</summary>
    public void ReopenReader()
    {
        Reader.Dispose();
        Reader = new RingBufferReader(_object.Map("ring"));
    }

    public void Dispose()
    {
        Reader.Dispose();
        _object.Dispose();
    }
}
