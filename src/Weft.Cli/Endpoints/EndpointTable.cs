using System.Globalization;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Cli.Output;

namespace Weft.Cli.Endpoints;

/// <summary>The table of <c>endpoint list</c>; labels after the first stand on lines of their own.</summary>
internal static class EndpointTable
{
    public static void Write(TextWriter output, IReadOnlyList<EndpointResource> endpoints, bool noHeaders)
    {
        TextTable table = new();
        if (!noHeaders)
        {
            table.Add(
                "ENDPOINT", "POLICY (ingress)", "POLICY (egress)", "IDENTITY", "LABELS (source:key[=value])", "IPv6", "IPv4", "STATUS");
            table.Add("", "ENFORCEMENT", "ENFORCEMENT");
        }

        foreach (EndpointResource endpoint in endpoints)
        {
            AddRows(table, endpoint);
        }

        table.Write(output);
    }

    private static void AddRows(TextTable table, EndpointResource endpoint)
    {
        EndpointStatus status = endpoint.Status ?? new EndpointStatus();
        string policy = status.Policy?.Realized?.PolicyEnabled ?? "none";
        string audit = status.Realized?.Options?.GetValueOrDefault(DatapathOption.PolicyAuditMode) == DatapathOption.Enabled ? " (Audit)" : "";
        IReadOnlyList<string> labels =
            [.. (status.Identity?.Labels ?? status.Labels?.SecurityRelevant ?? []).Order(StringComparer.Ordinal)];
        table.Add(
            endpoint.Id.ToString(CultureInfo.InvariantCulture),
            Enforcement(policy, "ingress") + audit,
            Enforcement(policy, "egress") + audit,
            status.Identity?.Id.ToString(CultureInfo.InvariantCulture) ?? "<no label id>",
            labels.Count == 0 ? "no labels" : labels[0],
            First(status, a => a.Ipv6),
            First(status, a => a.Ipv4),
            status.State);
        foreach (string label in labels.Skip(1))
        {
            table.Add("", "", "", "", label);
        }
    }

    private static string Enforcement(string policyEnabled, string direction) =>
        policyEnabled == direction || policyEnabled == "both" ? "Enabled" : "Disabled";

    private static string First(EndpointStatus status, Func<Api.Ipam.AddressPair, string?> address) =>
        status.Networking?.Addressing?.Select(address).FirstOrDefault(a => !string.IsNullOrEmpty(a)) ?? "";
}
