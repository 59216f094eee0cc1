using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Policy.Tests;

/// <summary>Documents of these tests, all of namespace shop, and what reading them gives.</summary>
internal static partial class Sample
{
    public static PolicyDocuments Read(string text) => PolicyReader.Parse(text, "t.yaml");

    /// <summary>The errors of a text, `line: message` each.</summary>
    public static IEnumerable<string> Errors(string text) =>
        Assert.Throws<PolicyException>(() => Read(text)).Errors.Select(error => $"{error.Line}: {error.Message}");

    /// <summary>A NetworkPolicy of namespace shop with this spec.</summary>
    public static string NetworkPolicy(string spec, string name = "p") =>
        $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{ name: {name}, namespace: shop }}\nspec:\n{Indented(spec)}\n";

    /// <summary>A CiliumNetworkPolicy of namespace shop with this spec.</summary>
    public static string Cilium(string spec, string name = "c") =>
        $"apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {{ name: {name}, namespace: shop }}\nspec:\n{Indented(spec)}\n";

    public static string Clusterwide(string spec, string name = "cw") =>
        $"apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {{ name: {name} }}\nspec:\n{Indented(spec)}\n";

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => $"  {line}"));
}
