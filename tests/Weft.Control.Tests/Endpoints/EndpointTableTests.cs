using Weft.Control.Endpoints;

namespace Weft.Control.Tests.Endpoints;

public sealed class EndpointTableTests
{
    private readonly EndpointTable _table = new();

    public EndpointTableTests() => Add(3663, "web");

    [Theory]
    [InlineData("3663")]
    [InlineData("container-id:web")]
    [InlineData("pod-name:default/web")]
    [InlineData("ipv4:10.0.1.180")]
    [InlineData("cni-attachment-id:web:eth0")]
    public void Every_kind_of_name_finds_it(string name) => Assert.Equal(3663, _table.Find(name).Id.Value);

    [Theory]
    [InlineData("4711", EndpointError.NotFound)]
    [InlineData("container-id:other", EndpointError.NotFound)]
    [InlineData("ipv4:10.0.1.181", EndpointError.NotFound)]
    [InlineData("0", EndpointError.Invalid)]
    [InlineData("70000", EndpointError.Invalid)]
    [InlineData("", EndpointError.Invalid)]
    [InlineData("ipv4:nonsense", EndpointError.Invalid)]
    [InlineData("colour:red", EndpointError.Invalid)]
    public void What_is_not_there_is_not_found_and_what_is_no_name_is_refused(string name, EndpointError expected) =>
        Assert.Equal(expected, Assert.Throws<EndpointException>(() => _table.Find(name)).Error);

    [Fact]
    public void The_same_interface_of_the_same_container_is_there_once()
    {
        Endpoint second = new(Sample.Endpoint(7), EndpointStateName.Creating, TimeProvider.System);

        Assert.Equal(3663, _table.TryAdd(second)!.Id.Value);
        Assert.Null(_table.TryFind(second.Id));
    }

    [Fact]
    public void A_removed_endpoint_makes_room_for_another_of_the_same_interface()
    {
        _table.Remove(_table.Find("3663"));

        Add(7, "web");

        Assert.Equal(7, _table.Find("container-id:web").Id.Value);
        Assert.Equal(1, _table.Count);
    }

    private void Add(ushort id, string container) =>
        Assert.Null(_table.TryAdd(new Endpoint(Sample.Endpoint(id, container), EndpointStateName.Ready, TimeProvider.System)));
}
