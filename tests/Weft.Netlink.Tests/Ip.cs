using System.Text.Json.Nodes;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

/// <summary>What <c>ip</c> and <c>bridge</c> say of a namespace, as JSON.</summary>
internal static class Ip
{
    public static JsonNode Link(TestNamespace where, string name) =>
        JsonNode.Parse(where.Exec("ip", "-d", "-j", "link", "show", "dev", name))![0]!;

    public static JsonArray Json(TestNamespace where, params string[] arguments) =>
        JsonNode.Parse(where.Exec("ip", ["-d", "-j", .. arguments]))!.AsArray();

    public static JsonArray Bridge(TestNamespace where, params string[] arguments) =>
        JsonNode.Parse(where.Exec("bridge", ["-d", "-j", .. arguments]))!.AsArray();

    public static IEnumerable<string?> Flags(JsonNode link) => link["flags"]!.AsArray().Select(flag => (string?)flag);
}
