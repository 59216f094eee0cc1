using Weft.Netlink.Netfilter;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>Rules as nft writes them, read from the kernel.</summary>
public sealed class RuleTextTests : IDisposable
{
    private readonly TestNamespace _namespace = TestNamespace.Create("rules");

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void Every_rule_of_the_corpus_reads_as_nft_lists_it()
    {
        Tool.Run("ip", "-n", _namespace.Name, "link", "set", "lo", "up");
        Nft.Load(_namespace, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Netfilter", "corpus.nft")));

        string[] listed = [.. Listed()];
        string[] read = [.. Read(withState: true)];
        IEnumerable<string> differences = listed.Except(read).Select(line => $"- {line}").Concat(read.Except(listed).Select(line => $"+ {line}"));
        Assert.Equal([], differences.OrderBy(line => line[2..], StringComparer.Ordinal));
    }

    private IEnumerable<string> Listed() => Nft.Rules(_namespace)
        .Select(pair => $"{pair.Key.Family} {pair.Key.Table} {pair.Key.Chain} {pair.Key.Handle}: {pair.Value}").Order(StringComparer.Ordinal);

    private IEnumerable<string> Read(bool withState)
    {
        using NetfilterTables tables = NetfilterTables.Open(_namespace.Handle);
        return [.. tables.ListRules(withState)
            .Select(rule => $"{rule.Family.ToWord()} {rule.Table} {rule.Chain} {rule.Handle}: {rule.Text}").Order(StringComparer.Ordinal)];
    }
}
