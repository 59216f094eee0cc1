using Weft.Model.Services;
using static Weft.Services.Tests.Sample;

namespace Weft.Services.Tests;

public sealed class OverlapTests
{
    private readonly ServiceResolver _resolver = new(Here);

    [Fact]
    public void The_older_service_keeps_the_frontend_and_the_other_is_told()
    {
        _resolver.PutService(Service("a/young"), created: 9);
        _resolver.PutService(Service("z/old") with { Ports = [Port(), Port("https", 443)] }, created: 5);
        _resolver.PutService(Service("b/other", "10.96.0.11"), created: 7);

        _resolver.Resolve();

        Assert.Equal("z/old", _resolver.Table.Frontends[Key("10.96.0.10")].Owner.Service.ToString());
        Assert.Equal(3, _resolver.Table.Frontends.Count);
        Assert.Equal(
            "service a/young: 10.96.0.10:80/TCP belongs to service z/old:http, which is older (change or delete one of the two)",
            Assert.Single(_resolver.Table.Problems).ToString());
    }

    [Fact]
    public void Names_decide_between_services_of_one_age()
    {
        _resolver.PutService(Service("b/web"), created: 5);
        _resolver.PutService(Service("a/web"), created: 5);

        _resolver.Resolve();

        Assert.Equal("a/web", Assert.Single(_resolver.Table.Frontends.Values).Owner.Service.ToString());
    }

    [Fact]
    public void When_the_older_goes_the_other_gets_the_frontend()
    {
        _resolver.PutService(Service("shop/old"), created: 5);
        _resolver.PutService(Service("shop/web"), created: 6);
        _resolver.Resolve();

        _resolver.RemoveService(ResourceName.Parse("shop/old"));

        Assert.Equal([Key("10.96.0.10")], _resolver.Resolve());
        Assert.Equal("shop/web", Assert.Single(_resolver.Table.Frontends.Values).Owner.Service.ToString());
        Assert.Empty(_resolver.Table.Problems);
    }

    [Fact]
    public void A_change_touches_no_frontend_of_others()
    {
        for (int i = 0; i < 100; i++)
        {
            _resolver.PutService(Service($"shop/s{i}", $"10.96.1.{i + 1}"), created: i);
        }
        _resolver.Resolve();
        Frontend other = _resolver.Table.Frontends[Key("10.96.1.7")];

        _resolver.PutService(Service("shop/s3", "10.96.2.4"), created: 3);

        Assert.Equal([Key("10.96.1.4"), Key("10.96.2.4")], _resolver.Resolve().OrderBy(key => key.ToString()));
        Assert.Same(other, _resolver.Table.Frontends[Key("10.96.1.7")]);
        Assert.Empty(_resolver.Resolve());
    }

    [Fact]
    public void A_slice_may_come_before_its_service_and_move_to_another()
    {
        _resolver.PutSlice(Slice(Ready("10.0.1.7")));
        _resolver.Resolve();
        _resolver.PutService(Service(), created: 1);
        _resolver.PutService(Service("shop/api", "10.96.0.11"), created: 2);
        _resolver.Resolve();
        Assert.Equal("10.0.1.7:8080", _resolver.Table.Frontends[Key("10.96.0.10")].Internal.Text());

        _resolver.PutSlice(Slice(Ready("10.0.1.7")) with { Service = ResourceName.Parse("shop/api") });
        _resolver.Resolve();

        Assert.Empty(_resolver.Table.Frontends[Key("10.96.0.10")].Internal);
        Assert.Equal("10.0.1.7:8080", _resolver.Table.Frontends[Key("10.96.0.11")].Internal.Text());
    }
}
