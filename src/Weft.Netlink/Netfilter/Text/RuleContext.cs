namespace Weft.Netlink.Netfilter.Text;

/// <summary>What the text of a rule takes from elsewhere.</summary>
/// <param name="NameOf">Of a device by its index.</param>
/// <param name="FindSet">By family, table and name; with its elements if it has no name of its own.</param>
/// <param name="WithState">Numbers of counters too.</param>
internal sealed record RuleContext(Func<int, string?> NameOf, Func<NetfilterFamily, string, string, SetRecord?> FindSet, bool WithState);
