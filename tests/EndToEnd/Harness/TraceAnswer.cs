using System.Text.Json;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>What 'weft trace -o json' says.</summary>
internal sealed record TraceAnswer(string Outcome, string? Culprit, string? Node, string? Direction, string Text, JsonElement Json)
{
    public static TraceAnswer Of(RealLab lab, params string[] arguments)
    {
        ToolResult result = lab.WeftUnchecked(["trace", .. arguments, "-o", "json"]);
        Assert.True(result.Output.StartsWith('{'), $"weft trace {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.Error}{result.Output}");
        return Of(JsonDocument.Parse(result.Output).RootElement, $"exit code {result.ExitCode}\n{result.Output}");
    }

    public static TraceAnswer Of(JsonElement json, string text = "")
    {
        bool isBlamed = json.TryGetProperty("culprit", out JsonElement culprit);
        return new(
            json.GetProperty("outcome").GetString()!,
            isBlamed ? culprit.GetProperty("kind").GetString() : null,
            isBlamed && culprit.TryGetProperty("node", out JsonElement node) ? node.GetString() : null,
            isBlamed ? culprit.GetProperty("direction").GetString() : null,
            text, json);
    }

    /// <summary>Each hop as <c>node namespace device point verdict</c>; a pod's device is <c>lxc</c>.</summary>
    public string[] Hops(string direction) =>
    [
        .. Json.GetProperty("hops").EnumerateArray().Where(hop => hop.GetProperty("direction").GetString() == direction).Select(hop => string.Join(
            ' ', new[] { Word(hop, "node"), Word(hop, "namespace") is { Length: > 0 } pod ? pod : "node", Device(Word(hop, "device")), Word(hop, "point"), Word(hop, "verdict") }
                .Where(word => word is { Length: > 0 }))),
    ];

    private static string? Word(JsonElement hop, string name) => hop.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string? Device(string? name) => name?.StartsWith("lxc", StringComparison.Ordinal) == true ? "lxc" : name;
}
