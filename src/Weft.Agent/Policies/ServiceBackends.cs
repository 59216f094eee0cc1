using System.Globalization;
using System.Net;
using Weft.Agent.Http;
using Weft.Model.Labels;
using Weft.Model.Services;
using Weft.Services;

namespace Weft.Agent.Policies;

/// <summary>Finds what is behind services: policy is asked after a packet was translated.</summary>
internal sealed class ServiceBackends(ServiceTable table, PolicyEnds ends)
{
    private static readonly string[] s_prefixes = ["svc/", "service/"];

    public static bool IsService(string text) => s_prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));

    /// <param name="text"><c>svc/namespace/name</c>.</param>
    /// <param name="port">Of the service; null: it has only one.</param>
    /// <exception cref="ApiRequestException">There is no such service, port or backend.</exception>
    public IReadOnlyList<PolicyTarget> Find(string text, byte protocol, ushort? port)
    {
        string name = text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (!ResourceName.TryParse(name.Contains('/', StringComparison.Ordinal) ? name : $"default/{name}", out ResourceName? service, out string? error))
        {
            throw new ApiRequestException($"find service '{Printable.Excerpt(text)}': {error}");
        }

        Frontend[] all = [.. table.Frontends.Values.Where(frontend => frontend.Owner.Service == service).OrderBy(frontend => frontend.Kind)];
        Frontend[] wanted = [.. all.Where(frontend => (byte)frontend.Key.Protocol == protocol && (port is null || frontend.Key.Port == port))];
        string ports = string.Join(", ", all.Select(frontend => $"{frontend.Key.Port}/{frontend.Key.Protocol.ToText()}").Distinct());
        if (all.Length == 0)
        {
            throw new ApiRequestException(
                $"find service {service}: nothing is balanced for one of that name (a headless one is its pods; see 'weft service list')");
        }

        if (wanted.Length == 0 || (port is null && wanted.Where(frontend => frontend.Kind == wanted[0].Kind).DistinctBy(frontend => frontend.Key.Port).Count() > 1))
        {
            throw new ApiRequestException($"find service {service}: which port? it has {ports}");
        }

        return Behind(wanted[0]);
    }

    /// <summary>Empty: no service has that address and port.</summary>
    public IReadOnlyList<PolicyTarget> Find(IPAddress address, byte protocol, ushort port) =>
        table.Frontends.GetValueOrDefault(new FrontendKey(address, port, (TransportProtocol)protocol)) is { } frontend ? Behind(frontend) : [];

    /// <summary>Backends of one identity and port are the same to policy.</summary>
    private List<PolicyTarget> Behind(Frontend frontend)
    {
        string service = string.Create(CultureInfo.InvariantCulture, $"{frontend.Owner.Service} port {frontend.Key.Port}");
        if (frontend.Internal.IsEmpty)
        {
            throw new ApiRequestException($"find service {service}: it has no backend here that is ready (see 'weft service list')");
        }

        return
        [
            .. frontend.Internal.Select(backend => (End: ends.OfAddress(backend.Address), backend.Port))
                .GroupBy(backend => (backend.End.Identity, backend.Port))
                .Select(group => new PolicyTarget(
                    group.Count() == 1 ? group.First().End : group.First().End with { Name = $"{group.First().End.Name} and {group.Count() - 1} more" },
                    group.Key.Port, service)),
        ];
    }
}
