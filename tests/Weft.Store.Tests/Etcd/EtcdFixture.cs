using Weft.Store.Etcd;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Etcd;

/// <summary>One etcd for the tests of a class.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    public EtcdServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await EtcdServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public Task<EtcdStore> OpenAsync(string prefix) => OpenAsync(Server, prefix);

    public static Task<EtcdStore> OpenAsync(EtcdServer server, string prefix = "", Func<EtcdStoreOptions, EtcdStoreOptions>? change = null)
    {
        Assert.True(EtcdLocation.TryParse($"etcd://{server.Endpoint}/{prefix}", out EtcdLocation? location, out string? error), error);
        var options = new EtcdStoreOptions { Location = location };
        return EtcdStore.OpenAsync(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
    }
}
