using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Datapath.Events;

namespace Weft.Datapath.Tests.Events;

public sealed class EventHubTests
{
    private static readonly EventInterest s_drops = new(EventMask.Drop, []);

    [Fact]
    public void A_client_gets_what_it_asked_for_and_nothing_else()
    {
        EventHub hub = new();
        using EventSubscription drops = hub.Subscribe(s_drops);

        hub.Publish(Record(EventType.Trace, source: 1));
        hub.Publish(Record(EventType.Drop, source: 2));

        Assert.True(drops.Records.TryRead(out ReadOnlyMemory<byte> only));
        Assert.Equal(2, MemoryMarshal.Read<EventHeader>(only.Span).Source);
        Assert.False(drops.Records.TryRead(out _));
    }

    [Fact]
    public void A_full_queue_loses_the_newest_counts_them_and_costs_others_nothing()
    {
        EventHub hub = new(queueLength: 2);
        using EventSubscription stuck = hub.Subscribe(s_drops);
        using EventSubscription reader = hub.Subscribe(s_drops);

        int read = 0;
        for (int i = 0; i < 5; i++)
        {
            hub.Publish(Record(EventType.Drop, source: 1));
            read += reader.Records.TryRead(out _) ? 1 : 0;
        }

        Assert.Equal(5, read);
        Assert.Equal(0UL, reader.TakeLostHere());
        Assert.Equal(3UL, stuck.TakeLostHere());
        Assert.Equal(0UL, stuck.TakeLostHere());
    }

    [Fact]
    public void What_the_kernel_lost_is_told_to_every_client()
    {
        EventHub hub = new();
        using EventSubscription first = hub.Subscribe(s_drops);
        using EventSubscription second = hub.Subscribe(s_drops);

        hub.PublishLostInKernel(7);

        Assert.Equal(7UL, first.TakeLostInKernel());
        Assert.Equal(7UL, second.TakeLostInKernel());
    }

    [Theory]
    [InlineData(7, 0, true)]
    [InlineData(1, 7, true)]
    [InlineData(1, 2, false)]
    public void A_client_of_an_endpoint_gets_events_from_it_and_to_it(ushort source, ushort destination, bool expected)
    {
        EventInterest interest = new(EventMask.Drop, [7]);

        Assert.Equal(expected, interest.Wants(Record(EventType.Drop, source, destination)));
    }

    [Theory]
    [InlineData(EventMask.Drop | EventMask.Trace, false)]
    [InlineData(EventMask.Policy, true)]
    public void A_denial_that_is_made_because_drops_are_wanted_goes_to_who_asked_for_verdicts(EventMask kinds, bool expected)
    {
        byte[] verdict = Record(EventType.Policy, source: 7);

        Assert.Equal(expected, new EventInterest(kinds, []).Wants(verdict));
        Assert.Equal(expected, new EventInterest(kinds, [7]).Wants(verdict));
        Assert.False(new EventInterest(kinds, [8]).Wants(verdict));
    }

    [Fact]
    public void A_record_shorter_than_its_header_is_wanted_by_nobody()
    {
        byte[] record = Record(EventType.Drop, source: 1);

        for (int length = 0; length < Marshal.SizeOf<EventHeader>(); length++)
        {
            Assert.False(EventInterest.Everything.Wants(record.AsSpan(0, length)));
        }
    }

    [Fact]
    public async Task Closing_ends_every_stream_and_those_that_come_later()
    {
        EventHub hub = new();
        using EventSubscription before = hub.Subscribe(s_drops);

        hub.Close();
        using EventSubscription after = hub.Subscribe(s_drops);

        Assert.False(await before.Records.WaitToReadAsync(TestContext.Current.CancellationToken));
        Assert.False(await after.Records.WaitToReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_interests_of_all_clients_are_announced_when_one_comes_or_goes()
    {
        EventHub hub = new();
        List<int> announced = [];
        hub.InterestsChanged += interests => announced.Add(interests.Length);

        hub.Subscribe(s_drops).Dispose();

        Assert.Equal([1, 0], announced);
    }

    private static byte[] Record(EventType type, ushort source, ushort destination = 0)
    {
        DropRecord record = new() { Header = new EventHeader { Type = type, Source = source }, DstId = destination };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<DropRecord>(in record)).ToArray();
    }
}
