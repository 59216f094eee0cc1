using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>The words that Cilium has for peers without pods' labels.</summary>
internal static class Entities
{
    private const string Reserved = "reserved";
    private const string All = "all";

    private static readonly Dictionary<string, LabelSelector> s_selectors = new(StringComparer.Ordinal)
    {
        ["cluster"] = new([LabelRequirement.Absent(Reserved, "world")]),
        ["none"] = LabelSelector.Nothing,
        ["world"] = Label("world"),
        ["host"] = Label("host"),
        ["remote-node"] = Label("remote-node"),
        ["health"] = Label("health"),
        ["init"] = Label("init"),
        ["kube-apiserver"] = Label("kube-apiserver"),
        ["ingress"] = Label("ingress"),
        ["unmanaged"] = Label("unmanaged"),
    };

    public static IEnumerable<string> Names => s_selectors.Keys.Append(All).Order(StringComparer.Ordinal);

    /// <param name="selector">Null: everybody.</param>
    public static bool TryFind(string name, out LabelSelector? selector)
    {
        selector = null;
        return name == All || s_selectors.TryGetValue(name, out selector);
    }

    private static LabelSelector Label(string key) => new([LabelRequirement.Exists(Reserved, key)]);
}
