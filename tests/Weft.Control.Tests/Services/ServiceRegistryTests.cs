using Weft.Control.Records;
using Weft.Control.Services;
using Weft.Model.Nodes;
using Weft.Model.Services;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Tests.Services;

public sealed class ServiceRegistryTests : IAsyncLifetime
{
    private readonly SharedStore _store = new();
    private IStore _client = null!;
    private ServiceRegistry _registry = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client = await _store.OpenClientAsync();
        _registry = new ServiceRegistry(_client, ClusterName.Default, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_write_tells_what_it_did()
    {
        Assert.Equal(RecordWrite.Created, await _registry.PutAsync(Sample.Service(), Test));
        Revision before = (await _client.ListAsync("", Test)).Revision;
        Assert.Equal(RecordWrite.Unchanged, await _registry.PutAsync(Sample.Service(), Test));
        Assert.Equal(before, (await _client.ListAsync("", Test)).Revision);
        Assert.Equal(RecordWrite.Changed, await _registry.PutAsync(Sample.Service() with { AffinitySeconds = 60 }, Test));
        Assert.NotNull(await _client.GetAsync("weft/state/services/v1/default/shop/web", Test));
    }

    [Fact]
    public async Task A_service_goes_with_its_slices()
    {
        await _registry.PutAsync(Sample.Service(), Test);
        await _registry.PutAsync(Sample.Service("shop/api"), Test);
        await _registry.PutAsync(Sample.Slice("shop/web-1", "shop/web"), Test);
        await _registry.PutAsync(Sample.Slice("shop/api-1", "shop/api"), Test);

        Assert.True(await _registry.DeleteServiceAsync(ResourceName.Parse("shop/web"), Test));
        Assert.False(await _registry.DeleteServiceAsync(ResourceName.Parse("shop/web"), Test));

        ServiceListing left = await _registry.ListAsync(Test);
        Assert.Equal(["shop/api"], left.Services.Select(s => s.Name.ToString()));
        Assert.Equal(["shop/api-1"], left.Slices.Select(s => s.Name.ToString()));
    }

    [Fact]
    public async Task Garbage_is_listed_as_such()
    {
        await _registry.PutAsync(Sample.Service(), Test);
        await _client.PutAsync(new StorePut(StoreKeys.Services(ClusterName.Default) + "shop/bad", "{}"u8.ToArray()), Test);

        ServiceListing listing = await _registry.ListAsync(Test);

        Assert.Equal(Sample.Service(), Assert.Single(listing.Services));
        Assert.StartsWith("read weft/state/services/v1/default/shop/bad: not a ServiceRecord", Assert.Single(listing.Rejected));
    }

    [Fact]
    public async Task Followers_hear_when_a_service_was_made()
    {
        await _registry.PutAsync(Sample.Service(), Test);
        await _registry.PutAsync(Sample.Service("shop/api"), Test);
        await _registry.PutAsync(Sample.Service() with { AffinitySeconds = 60 }, Test);
        await using IAsyncEnumerator<RecordEvent<ServiceRecord>> follow = _registry.FollowServicesAsync(Test).GetAsyncEnumerator(Test);

        Dictionary<string, Revision> created = [];
        while (await follow.MoveNextAsync() && follow.Current.Kind == RecordEventKind.Put)
        {
            created.Add(follow.Current.Record!.Name.ToString(), follow.Current.Created);
        }

        Assert.True(created["shop/web"] < created["shop/api"]);
        await _client.DeleteAsync(StoreKeys.Service(ClusterName.Default, ResourceName.Parse("shop/web")), expected: null, Test);
        await _registry.PutAsync(Sample.Service(), Test);
        await follow.MoveNextAsync();
        await follow.MoveNextAsync();
        Assert.True(follow.Current.Created > created["shop/api"]);
    }
}
