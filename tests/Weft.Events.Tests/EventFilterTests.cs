using Weft.Abi;

namespace Weft.Events.Tests;

public class EventFilterTests
{
    private static readonly byte[] FromPodToSeven =
        CraftedEvents.Drop(DropReason.TtlExceeded, new() { DstId = 7 }, CraftedEvents.Echo);

    public static TheoryData<bool, EventFilter> Filters => new()
    {
        { true, new() },
        { true, new() { Types = EventMask.Drop } },
        { false, new() { Types = EventMask.Trace | EventMask.Debug | EventMask.Capture } },
        { true, new() { From = [1, CraftedEvents.Pod] } },
        { false, new() { From = [7] } },
        { true, new() { To = [7] } },
        { false, new() { To = [CraftedEvents.Pod] } },
        { true, new() { RelatedTo = [7] } },
        { true, new() { RelatedTo = [CraftedEvents.Pod] } },
        { false, new() { RelatedTo = [8] } },
        { false, new() { From = [CraftedEvents.Pod], To = [8] } },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void All_kinds_of_condition_must_hold(bool expected, EventFilter filter)
    {
        Assert.True(EventRecord.TryParse(FromPodToSeven, out EventRecord record));
        Assert.Equal(expected, filter.Matches(record));
    }
}
