using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>Waits for labels, which come some time after a pod's start.</summary>
internal static class Labels
{
    public static EndpointView Has(RealLab lab, string node, string containerId, params string[] labels) => Eventually.Passes(() =>
    {
        EndpointView? endpoint = EndpointView.Find(lab, node, containerId);
        Assert.NotNull(endpoint);
        Assert.Equal(labels.Append("k8s:io.kubernetes.pod.namespace=default").Order(), endpoint.Labels.Order());
        return endpoint;
    });
}
