using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Weft.Api.Endpoints;
using Weft.Tests.Shared;

namespace Weft.Api.Tests;

/// <summary>docs/reference/api.md is made from the records and their comments.</summary>
public partial class ApiReferenceTests
{
    private static readonly (string Call, string Body, string Answer)[] s_calls =
    [
        ("GET /v1/healthz", "", "StatusResponse"),
        ("GET /v1/health", "", "HealthStatusResponse"),
        ("PUT /v1/health/probe", "", "HealthStatusResponse, after probing anew"),
        ("GET /v1/endpoint", "", "array of EndpointResource"),
        ("PUT /v1/endpoint/{id}", "EndpointChangeRequest", "201, EndpointResource"),
        ("GET /v1/endpoint/{id}", "", "EndpointResource"),
        ("PATCH /v1/endpoint/{id}", "EndpointChangeRequest", "200"),
        ("DELETE /v1/endpoint/{id}", "", "204"),
        ("GET /v1/endpoint/{id}/config", "", "EndpointConfigurationStatus"),
        ("PATCH /v1/endpoint/{id}/config", "EndpointConfigurationSpec", "200"),
        ("GET /v1/endpoint/{id}/labels", "", "LabelConfiguration"),
        ("PATCH /v1/endpoint/{id}/labels", "LabelConfigurationSpec", "200"),
        ("GET /v1/endpoint/{id}/log", "", "array of EndpointStatusChange"),
        ("GET /v1/endpoint/{id}/healthz", "", "EndpointHealth"),
        ("GET /v1/cni/status", "", "CniStatus"),
        ("POST /v1/cni/gc", "CniCollectionRequest", "CniCollection"),
        ("GET /v1/identity", "", "array of IdentityResource"),
        ("GET /v1/identity/{number}", "", "IdentityResource"),
        ("GET /v1/service", "", "array of ServiceResource"),
        ("GET /v1/service/{number}", "", "ServiceResource"),
        ("PUT /v1/k8s-manifests", "application/yaml (services, endpoint slices)", "ManifestReport"),
        ("POST /v1/k8s-manifests/deletion", "application/yaml (services, endpoint slices)", "ManifestReport"),
        ("GET /v1/policy", "", "PolicyListing"),
        ("PUT /v1/policy?source=FILE", "application/yaml (policies, namespaces)", "ManifestReport"),
        ("POST /v1/policy/deletion?source=FILE", "application/yaml (policies, namespaces)", "ManifestReport"),
        ("DELETE /v1/policy?name=KIND/NAMESPACE/NAME&name=…", "", "ManifestReport"),
        ("POST /v1/policy/dry-run?source=FILE&limit=…&delete=true", "application/yaml (policies, namespaces)", "PolicyDryRunReport"),
        ("GET /v1/policy/why?src=…&dst=…&protocol=tcp&port=…", "", "PolicyWhyAnswer"),
        ("GET /v1/policy/last-drop/{id}", "", "PolicyLastDenial"),
        ("GET /v1/cluster/nodes", "", "ClusterNodeStatus"),
        ("POST /v1/ipam?family=ipv4&owner=…", "", "201, IpamResponse"),
        ("DELETE /v1/ipam/{address}", "", "204"),
        ("GET /v1/ipam", "", "IpamListing"),
        ("GET /v1/ipam/check", "", "IpamCheck"),
        ("POST /v1/ipam/check", "", "IpamCheck, after putting right what can be"),
        ("GET /v1/config", "", "DaemonConfiguration"),
        ("PATCH /v1/config", "DaemonConfigurationSpec", "200"),
        ("GET /v1/map", "", "BpfMapList"),
        ("GET /v1/map/{name}", "", "BpfMap"),
        ("GET /v1/monitor?types=drop,trace&endpoint=…", "", "application/octet-stream of frames, docs/design/events.md"),
        (
            "GET /v1/trace/netfilter?proto=tcp&src=…&dst=…&sport=…&dport=…", "",
            "application/x-ndjson, a NetfilterTraceFrame a line, docs/design/trace-netfilter.md"),
        ("DELETE /v1/trace/netfilter/{id}", "", "200; the stream gets its summary, and ends"),
    ];

    private readonly Dictionary<string, string> _comments = XDocument.Load(Path.ChangeExtension(typeof(ApiJson).Assembly.Location, "xml"))
        .Descendants("member")
        .ToDictionary(m => m.Attribute("name")!.Value, m => TextOf(m.Element("summary")));

    [Fact]
    public void Reference_is_up_to_date()
    {
        StringBuilder text = new();
        text.Append(
            """
            # The agent's API

            HTTP/1.1 on the agent's unix socket (`/run/weft/weft.sock`, for root only). Paths and names are those of Cilium's agent, so tools that
            read its answers read Weft's. Generated from `src/Weft.Api` by `tests/Weft.Api.Tests` (`WEFT_UPDATE_GOLDEN=1` rewrites it).

            `{id}` of an endpoint is its number, or `container-id:ID`, `pod-name:NAMESPACE/NAME` or `ipv4:ADDRESS`; a slash travels as `%2F`.
            Every answer that is no success has the body `{"code": …, "message": …}`: a word for programs, a line for people.
            Absent values are left out; times are UTC with milliseconds, the zero time means never.

            | call | body | answer |
            | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach ((string call, string body, string answer) in s_calls)
        {
            text.Append($"| `{call}` | {body} | {answer} |\n");
        }

        foreach (Type document in Documents())
        {
            Append(text, document);
        }

        Golden.Matches("../../../docs/reference/api.md", text.ToString());
    }

    [Fact]
    public void Every_property_of_every_document_states_its_name()
    {
        foreach (PropertyInfo property in Documents().SelectMany(d => d.GetProperties()))
        {
            Assert.True(NameOf(property) is not null, $"{property.DeclaringType!.Name}.{property.Name} would be named by whoever serializes it");
        }
    }

    [Fact]
    public void Every_document_of_the_table_of_calls_exists()
    {
        HashSet<string> names = [.. Documents().Select(d => d.Name)];
        foreach ((string call, string body, string answer) in s_calls)
        {
            string[] words = [.. $"{body} {answer}".Split(' ').Where(w => DocumentName().IsMatch(w))];
            Assert.All(words, word => Assert.True(names.Contains(word), $"{call}: {word}"));
        }
    }

    private static IEnumerable<Type> Documents() => typeof(EndpointResource).Assembly.GetExportedTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false } && t.GetProperties().Any(p => NameOf(p) is not null))
        .OrderBy(t => t.Name, StringComparer.Ordinal);

    private void Append(StringBuilder text, Type document)
    {
        text.Append($"\n## {document.Name}\n\n{_comments.GetValueOrDefault($"T:{document.FullName}")}\n\n| name | type | |\n| --- | --- | --- |\n");
        foreach (PropertyInfo property in document.GetProperties())
        {
            string comment = _comments.GetValueOrDefault($"P:{document.FullName}.{property.Name}") ?? "";
            text.Append($"| `{NameOf(property)}` | {Describe(property.PropertyType)} | {comment.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    private static string? NameOf(PropertyInfo property) => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name;

    private static string Describe(Type type) => Nullable.GetUnderlyingType(type) switch
    {
        { } value => Describe(value),
        _ when type == typeof(string) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(DateTimeOffset) => "time",
        _ when type.IsPrimitive => "number",
        _ when type.IsGenericType && type.GetGenericArguments() is [_, var value] => $"object of {Describe(value)}",
        _ when type.IsAssignableTo(typeof(IEnumerable)) => $"array of {Describe(type.GetGenericArguments()[0])}",
        _ => type.Name,
    };

    private static string TextOf(XElement? summary) => summary is null
        ? ""
        : Blanks().Replace(string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement see => see.Attribute("cref")?.Value.Split('.')[^1] ?? "",
            _ => node.ToString(),
        })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^[A-Z][A-Za-z]+$")]
    private static partial Regex DocumentName();
}
