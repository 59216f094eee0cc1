using Weft.Lab.Services;
using Weft.Model.Services.Manifests;
using Weft.Store;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

public sealed class LabManifestsTests
{
    private const string Web =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec:
          clusterIP: 10.96.0.10
          ports: [{ name: http, port: 80, protocol: TCP }]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
        addressType: IPv4
        ports: [{ name: http, port: 8080, protocol: TCP }]
        endpoints: [{ addresses: [10.0.1.7], conditions: { ready: true } }]
        """;

    [KernelFact]
    public async Task What_is_applied_is_created_then_unchanged_then_configured_then_deleted()
    {
        using BareLab lab = new();
        await MakeStoreAsync(lab);
        LabManifests manifests = new(lab.Name);

        Assert.Equal(["EndpointSlice shop/web-1 Created", "Service shop/web Created"], await ApplyAsync(manifests, Web));
        Assert.Equal(["EndpointSlice shop/web-1 Unchanged", "Service shop/web Unchanged"], await ApplyAsync(manifests, Web));
        Assert.Equal(
            ["EndpointSlice shop/web-1 Unchanged", "Service shop/web Configured"],
            await ApplyAsync(manifests, Web.Replace("port: 80,", "port: 81,", StringComparison.Ordinal)));
        Assert.Equal(["Service shop/web Deleted", "EndpointSlice shop/web-1 Deleted"], await DeleteAsync(manifests, Web));
        Assert.Equal(["Service shop/web NotFound", "EndpointSlice shop/web-1 NotFound"], await DeleteAsync(manifests, Web));
    }

    [KernelFact]
    public async Task A_lab_that_is_not_up_has_nowhere_to_write_to()
    {
        using BareLab lab = new();

        LabException error = await Assert.ThrowsAsync<LabException>(() => ApplyAsync(new LabManifests(lab.Name), Web));

        Assert.Contains($"'weft lab up --lab {lab.Name}' makes it", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lab.Paths.StoreDirectory));
    }

    /// <summary>As the first agent does.</summary>
    private static async Task MakeStoreAsync(BareLab lab)
    {
        Directory.CreateDirectory(lab.Paths.StoreDirectory);
        await using IStore store = await StoreLocation.Sqlite(lab.Paths.StoreFile).OpenAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<IEnumerable<string>> ApplyAsync(LabManifests lab, string text) =>
        Shown(await lab.ApplyAsync(ManifestReader.Parse(text, "t"), TestContext.Current.CancellationToken));

    private static async Task<IEnumerable<string>> DeleteAsync(LabManifests lab, string text) =>
        Shown(await lab.DeleteAsync(ManifestReader.Parse(text, "t"), TestContext.Current.CancellationToken));

    private static IEnumerable<string> Shown(IEnumerable<ManifestChange> changes) => changes.Select(change => $"{change.Kind} {change.Name} {change.Result}");
}
