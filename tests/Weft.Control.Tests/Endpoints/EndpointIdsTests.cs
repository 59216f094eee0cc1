using Weft.Control.Endpoints;
using Weft.Model.Endpoints;

namespace Weft.Control.Tests.Endpoints;

public sealed class EndpointIdsTests
{
    [Fact]
    public void A_number_that_was_given_back_is_the_last_to_be_given_again()
    {
        EndpointIds ids = new();
        EndpointId first = ids.Allocate();
        ids.Release(first);

        Assert.NotEqual(first, ids.Allocate());
    }

    [Fact]
    public void A_reserved_number_is_never_given()
    {
        EndpointIds ids = new();
        Assert.True(ids.Reserve(new EndpointId(ushort.MaxValue)));
        Assert.False(ids.Reserve(new EndpointId(ushort.MaxValue)));

        EndpointId[] all = [.. Enumerable.Range(1, ushort.MaxValue - 1).Select(_ => ids.Allocate())];

        Assert.Equal(ushort.MaxValue - 1, all.Distinct().Count());
        Assert.DoesNotContain(new EndpointId(ushort.MaxValue), all);
        Assert.DoesNotContain(EndpointId.None, all);
    }

    [Fact]
    public void When_all_are_taken_it_says_so()
    {
        EndpointIds ids = new();
        for (int i = 1; i <= ushort.MaxValue; i++)
        {
            ids.Allocate();
        }

        Assert.Equal(EndpointError.Exhausted, Assert.Throws<EndpointException>(() => ids.Allocate()).Error);
    }
}
