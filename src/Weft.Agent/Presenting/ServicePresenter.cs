using System.Collections.Immutable;
using Weft.Api.Services;
using Weft.Control.Services;
using Weft.Services;

namespace Weft.Agent.Presenting;

/// <summary>Shows the frontends that the datapath has, as Cilium's agent shows them.</summary>
internal sealed class ServicePresenter(NodeServices services)
{
    /// <summary>By number.</summary>
    public IReadOnlyList<ServiceResource> All()
    {
        ServiceTable table = services.View.Table;
        return
        [
            .. services.Reconciler.Ids
                .Where(entry => table.Frontends.ContainsKey(entry.Key))
                .OrderBy(entry => entry.Value)
                .Select(entry => Show(table.Frontends[entry.Key], entry.Value)),
        ];
    }

    public ServiceResource? Find(long id) => All().FirstOrDefault(service => service.Spec!.Id == id);

    private static ServiceResource Show(Frontend frontend, uint id)
    {
        ServiceSpec spec = new()
        {
            Id = id,
            FrontendAddress = new FrontendAddress
            {
                Ip = frontend.Key.Address.ToString(),
                Port = frontend.Key.Port,
                Protocol = $"{frontend.Key.Protocol}".ToLowerInvariant(),
                Scope = frontend.Kind == FrontendKind.ClusterIP ? "internal" : "external",
            },
            BackendAddresses =
            [
                .. Show([.. frontend.Internal.Union(frontend.External).Order()], "active"),
                .. Show(frontend.Retained, "terminating"),
            ],
            Flags = new ServiceSpecFlags
            {
                Name = frontend.Owner.Service.Name,
                Namespace = frontend.Owner.Service.Namespace,
                Type = frontend.Kind switch
                {
                    FrontendKind.ClusterIP => "ClusterIP",
                    FrontendKind.NodePort => "NodePort",
                    FrontendKind.LoadBalancer => "LoadBalancer",
                    _ => "ExternalIPs",
                },
            },
        };
        return new ServiceResource { Spec = spec, Status = new ServiceResourceStatus { Realized = spec } };
    }

    private static IEnumerable<BackendAddress> Show(ImmutableArray<Backend> backends, string state) =>
        backends.Select(backend => new BackendAddress
        {
            Ip = backend.Address.ToString(),
            Port = backend.Port,
            Protocol = $"{backend.Protocol}".ToLowerInvariant(),
            State = state,
        });
}
