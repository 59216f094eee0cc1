using System.Collections.Immutable;
using Weft.Control.Identities;
using Weft.Control.Operating;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Tests.Shared;

namespace Weft.Operator.Tests;

/// <summary>weft-operator as a program, on a real etcd.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private const string Leads = "operator leads name=";

    private EtcdServer _etcd = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private string Location => $"etcd://{_etcd.Endpoint}";

    public async ValueTask InitializeAsync() => _etcd = await EtcdServer.StartAsync();

    public ValueTask DisposeAsync() => _etcd.DisposeAsync();

    [Fact]
    public async Task When_the_leader_is_killed_the_other_takes_over_and_goes_on_where_it_was()
    {
        using OperatorProcess first = Start();
        await first.SaysAsync(Leads);
        using OperatorProcess second = Start();
        Assert.Equal("10.0.0.0/24", await AskAsync("a"));
        await second.SaysAsync("takes part");
        Assert.DoesNotContain(Leads, second.Log, StringComparison.Ordinal);

        await first.KillAsync();
        await second.SaysAsync(Leads);

        Assert.Equal("10.0.1.0/24", await AskAsync("b"));
        Assert.Equal("10.0.0.0/24", await AskAsync("a"));
    }

    [Fact]
    public async Task It_rides_out_an_etcd_that_dies_and_leads_again()
    {
        using OperatorProcess one = Start();
        await one.SaysAsync(Leads);

        await _etcd.KillAsync();
        await one.SaysAsync("store away why=");
        await _etcd.RunAsync();

        Assert.Equal("10.0.0.0/24", await AskAsync("a"));
        Assert.Equal(0, await one.TerminateAsync());
    }

    [Fact]
    public async Task It_removes_an_identity_that_nobody_uses_any_more_and_no_other()
    {
        using OperatorProcess one = Start("--identity-gc-interval", "1", "--identity-gc-grace", "1");
        await using IStore store = await OpenAsync();
        using IdentityAllocator node = new(store, ClusterName.Default, NodeName.Parse("n1"), TimeProvider.System);
        Identity kept = await node.AcquireAsync(LabelSet.Parse(["k8s:app=kept"]), Test);
        Identity gone = await node.AcquireAsync(LabelSet.Parse(["k8s:app=gone"]), Test);

        await node.ReleaseAsync(gone, Test);
        await one.SaysAsync($"identity collected id={gone.Value}");

        Assert.Null(await store.GetAsync($"weft/state/identities/v1/id/{gone.Value}", Test));
        Assert.NotNull(await store.GetAsync($"weft/state/identities/v1/id/{kept.Value}", Test));
        Assert.DoesNotContain($"id={kept.Value} ", one.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_its_options_is_told_and_it_ends()
    {
        using OperatorProcess one = OperatorProcess.Start("--store", "etcd://", "--cluster-pool", "10.0.0.0/28");
        Assert.Equal(2, await one.EndedAsync());
        await one.SaysAsync("is not HOST:PORT");
        await one.SaysAsync("does not fit into pool");
    }

    private OperatorProcess Start(params string[] more) => OperatorProcess.Start(["--store", Location, "--lease", "2", .. more]);

    private async Task<IStore> OpenAsync()
    {
        Assert.True(StoreLocation.TryParse(Location, out StoreLocation? location, out string? error), error);
        return await location.OpenAsync(Test);
    }

    private async Task<string> AskAsync(string node)
    {
        await using IStore store = await OpenAsync();
        ImmutableArray<PodCidr> ranges = await new PodCidrRequest(store, ClusterName.Default, NodeName.Parse(node), TimeProvider.System)
            .ObtainAsync(ipv6: false, [], Test);
        return ranges.Single().ToString();
    }
}
