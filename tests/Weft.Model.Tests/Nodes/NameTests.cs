using Weft.Model.Nodes;

namespace Weft.Model.Tests.Nodes;

public sealed class NameTests
{
    [Theory]
    [InlineData("bpf1")]
    [InlineData("node-1.eu.example.com")]
    [InlineData("0")]
    public void A_dns_name_is_a_node_name(string text)
    {
        Assert.Equal(text, NodeName.Parse(text).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bpf1")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("../../etc")]
    [InlineData("a b")]
    [InlineData("a\0")]
    public void Anything_else_is_refused_and_cannot_reach_a_store_key(string? text)
    {
        Assert.False(NodeName.TryParse(text, out _, out string? error));
        Assert.Contains("is not a node name", error);
    }

    [Fact]
    public void Parts_have_63_characters_and_names_253()
    {
        string part = new('a', 63);

        Assert.True(NodeName.TryParse($"{part}.{part}.{part}.{new string('a', 61)}", out _, out _));
        Assert.False(NodeName.TryParse($"{part}.{part}.{part}.{new string('a', 62)}", out _, out _));
        Assert.False(NodeName.TryParse($"{part}a", out _, out _));
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("east-1", true)]
    [InlineData("", false)]
    [InlineData("-east", false)]
    [InlineData("east.1", false)]
    [InlineData("abcdefghijabcdefghijabcdefghijabc", false)]
    public void A_cluster_name_is_short_and_plain(string text, bool valid)
    {
        Assert.Equal(valid, ClusterName.TryParse(text, out _, out _));
    }
}
