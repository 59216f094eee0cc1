using System.Diagnostics;
using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.RingBuffers;

public sealed class RingBufferReaderTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [KernelFact]
    public void Records_come_in_order_with_their_lengths()
    {
        using RingFixture ring = new();
        ring.Emit(3, 8);
        ring.Emit(2, 100);

        Assert.Equal([(0, 8), (1, 8), (2, 8), (3, 100), (4, 100)], ring.ReadAll());
        Assert.Empty(ring.ReadAll());
        Assert.Equal(0ul, ring.Lost);
    }

    [KernelFact]
    public void Records_that_wrap_around_the_end_are_whole()
    {
        using RingFixture ring = new();
        ulong next = 0;
        for (int round = 0; round < 500; round++)
        {
            int size = 9 + (round * 37 % 3000);
            ring.Emit(3, size);
            Assert.Equal([(next, size), (next + 1, size), (next + 2, size)], ring.ReadAll());
            next += 3;
        }

        Assert.Equal(0ul, ring.Lost);
    }

    [KernelFact]
    public void The_largest_record_of_this_program_fits()
    {
        using RingFixture ring = new();
        ring.Emit(1, 8192);

        Assert.Equal([(0, 8192)], ring.ReadAll());
    }

    [KernelFact]
    public void A_full_ring_loses_the_newest_and_goes_on_after_it_was_read()
    {
        using RingFixture ring = new();
        ring.Emit(20, 1000);
        int kept = ring.Reader.Size / (1000 + 8);
        Assert.Equal((ulong)(20 - kept), ring.Lost);

        Assert.Equal(Enumerable.Range(0, kept).Select(i => ((ulong)i, 1000)), ring.ReadAll());

        ring.Emit(1, 1000);
        Assert.Equal([(20, 1000)], ring.ReadAll());
    }

    [KernelFact]
    public void Space_is_given_back_while_the_reader_is_still_behind()
    {
        using RingFixture ring = new();
        ring.Emit(16, 1000);
        for (int i = 0; i < 8; i++)
        {
            Assert.True(ring.Reader.TryRead(out _));
        }

        ring.Emit(4, 1000);

        Assert.Equal(0ul, ring.Lost);
        Assert.Equal(12, ring.ReadAll().Count);
    }

    [KernelFact]
    public void Discarded_records_are_passed_over()
    {
        using RingFixture ring = new();
        ring.EmitAndDiscard();

        Assert.Equal([(1, 8), (2, 8)], ring.ReadAll());
    }

    [KernelFact]
    public void Available_bytes_are_records_with_their_headers()
    {
        using RingFixture ring = new();
        Assert.Equal((16384, 0L), (ring.Reader.Size, ring.Reader.AvailableBytes));

        ring.Emit(2, 20);

        Assert.Equal(2 * (8 + 24), ring.Reader.AvailableBytes);
    }

    [KernelFact]
    public void A_new_reader_goes_on_where_the_last_one_stopped()
    {
        using RingFixture ring = new();
        ring.Emit(3, 8);
        Assert.True(ring.Reader.TryRead(out _));

        ring.ReopenReader();

        Assert.Equal([(1, 8), (2, 8)], ring.ReadAll());
    }

    [KernelFact]
    public void Waiting_ends_at_its_time_when_nothing_comes()
    {
        using RingFixture ring = new();

        Assert.Equal(RingBufferWait.TimedOut, ring.Reader.Wait(TimeSpan.Zero));
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(RingBufferWait.TimedOut, ring.Reader.Wait(TimeSpan.FromMilliseconds(20)));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(20), s_deadline);
    }

    [KernelFact]
    public void Waiting_ends_when_a_record_comes()
    {
        using RingFixture ring = new();
        Thread writer = new(() => ring.Emit(1, 8));
        writer.Start();

        Assert.Equal(RingBufferWait.Data, ring.Reader.Wait(s_deadline));
        Assert.Equal([(0, 8)], ring.ReadAll());
        writer.Join();
    }

    [KernelFact]
    public void Waking_ends_a_wait_or_the_next_one_and_only_one()
    {
        using RingFixture ring = new();
        ring.Reader.Wake();
        Assert.Equal(RingBufferWait.Woken, ring.Reader.Wait(s_deadline));
        Assert.Equal(RingBufferWait.TimedOut, ring.Reader.Wait(TimeSpan.Zero));

        Thread waker = new(ring.Reader.Wake);
        waker.Start();
        Assert.Equal(RingBufferWait.Woken, ring.Reader.Wait(s_deadline));
        waker.Join();
    }

    [KernelFact]
    public void Cancellation_wakes_a_wait_without_an_exception()
    {
        using RingFixture ring = new();
        using CancellationTokenSource source = new();
        Thread canceller = new(source.Cancel);
        canceller.Start();

        Assert.Equal(RingBufferWait.Woken, ring.Reader.Wait(s_deadline, source.Token));
        Assert.Equal(RingBufferWait.Woken, ring.Reader.Wait(s_deadline, source.Token));
        canceller.Join();
    }

    [KernelFact]
    public void No_wake_up_is_lost_when_writer_and_reader_race()
    {
        using RingFixture ring = new();
        const int Rounds = 5000;
        Thread writer = new(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                ring.Emit(1, 16);
            }
        });
        writer.Start();

        // Without records for ten seconds, or with a record that only a timeout finds, a wake-up was lost.
        ulong next = 0;
        while (next + ring.Lost < Rounds)
        {
            RingBufferWait wait = ring.Reader.Wait(s_deadline);
            Assert.True(wait == RingBufferWait.Data || next + ring.Lost == Rounds, $"{wait} after {next} records, {ring.Lost} lost");
            next += (ulong)ring.ReadAll().Count;
        }

        writer.Join();
    }

    [KernelFact]
    public void Reading_allocates_nothing()
    {
        using RingFixture ring = new();
        _ = AllocatedByReading(ring); // the first time, the runtime itself allocates

        Assert.Equal(0L, AllocatedByReading(ring));
    }

    private static long AllocatedByReading(RingFixture ring)
    {
        ring.Emit(400, 16);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 0;
        while (ring.Reader.TryRead(out _))
        {
            count++;
        }

        RingBufferWait wait = ring.Reader.Wait(TimeSpan.Zero);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((400, RingBufferWait.TimedOut), (count, wait));
        return allocated;
    }

    [KernelFact]
    public void After_its_end_a_reader_refuses_instead_of_reading_freed_memory()
    {
        using RingFixture ring = new();
        ring.Reader.Dispose();
        ring.Reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => ring.Reader.TryRead(out _));
        Assert.Throws<ObjectDisposedException>(() => ring.Reader.Wait(TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => ring.Reader.AvailableBytes);
    }

    [KernelFact]
    public void Only_ring_buffers_can_be_read()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 1);

        Assert.Equal("map test is a Hash, not a ring buffer", Assert.Throws<ArgumentException>(() => new RingBufferReader(map.Untyped)).Message);
    }
}
