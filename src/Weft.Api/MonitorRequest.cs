namespace Weft.Api;

/// <summary>What a monitor client asks the agent for. The datapath makes these events while the client is connected.</summary>
public sealed record MonitorRequest
{
    public const string Drop = "drop";
    public const string Debug = "debug";
    public const string Trace = "trace";
    public const string Capture = "capture";

    /// <summary>Flows that were judged by an endpoint's policy.</summary>
    public const string PolicyVerdict = "policy-verdict";

    /// <summary>What happens to endpoints, nodes, addresses and services; the others are of packets.</summary>
    public const string Agent = "agent";

    /// <summary>Some of the kinds above.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Endpoints whose packets make events; none: all, and those of the node's own devices.</summary>
    public IReadOnlyList<long> Endpoints { get; init; } = [];

    /// <summary>Conditions on packets (Weft.Events' EventFilter writes and reads them); an agent that does not know one sends more than it has to.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Conditions { get; init; } = [];

    /// <summary>Path and query of the request.</summary>
    public string ToPath()
    {
        string types = string.Join(',', Types.Select(Uri.EscapeDataString));
        return $"{ApiPaths.Monitor}?types={types}{string.Concat(Endpoints.Select(id => $"&endpoint={id}"))}"
            + string.Concat(Conditions.Select(condition => $"&{condition.Key}={Uri.EscapeDataString(condition.Value)}"));
    }
}
