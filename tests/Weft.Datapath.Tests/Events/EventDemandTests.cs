using Weft.Abi;
using Weft.Datapath.Events;

namespace Weft.Datapath.Tests.Events;

public sealed class EventDemandTests
{
    [Fact]
    public void With_no_client_there_is_the_baseline_only()
    {
        EventDemand demand = EventDemand.Of(EventMask.Drop, []);

        Assert.Equal(EventMask.Drop, demand.Everywhere);
        Assert.Empty(demand.Endpoints);
    }

    [Fact]
    public void What_clients_want_from_everywhere_adds_up()
    {
        EventDemand demand = EventDemand.Of(EventMask.Drop, [new(EventMask.Trace, []), new(EventMask.Debug, [])]);

        Assert.Equal(EventMask.Drop | EventMask.Trace | EventMask.Debug, demand.Everywhere);
    }

    [Fact]
    public void A_client_that_takes_what_there_is_adds_nothing() =>
        Assert.Equal(EventMask.Drop, EventDemand.Of(EventMask.Drop, [new(EventMask.Policy, []) { IsPassive = true }]).Everywhere);

    [Fact]
    public void Clients_of_endpoints_turn_on_those_endpoints_only()
    {
        EventDemand demand = EventDemand.Of(EventMask.None, [new(EventMask.Trace, [3, 4]), new(EventMask.Debug, [4])]);

        Assert.Equal(EventMask.None, demand.Everywhere);
        Assert.Equal(EventMask.Trace, demand.For(3));
        Assert.Equal(EventMask.Trace | EventMask.Debug, demand.For(4));
        Assert.Equal(EventMask.None, demand.For(5));
    }
}
