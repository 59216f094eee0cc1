using Weft.Model.Labels;

namespace Weft.Model.Tests.Labels;

public sealed class LabelTests
{
    [Theory]
    [InlineData("k8s:app=cni", "k8s", "app", "cni")]
    [InlineData("k8s:io.kubernetes.pod.namespace=default", "k8s", "io.kubernetes.pod.namespace", "default")]
    [InlineData("k8s:app.kubernetes.io/name=web", "k8s", "app.kubernetes.io/name", "web")]
    [InlineData("reserved:host", "reserved", "host", "")]
    [InlineData("app=cni", "unspec", "app", "cni")]
    [InlineData("app", "unspec", "app", "")]
    [InlineData("k8s:url=http://a:80/?x=y", "k8s", "url", "http://a:80/?x=y")]
    [InlineData("app=a:b", "unspec", "app", "a:b")]
    public void A_label_is_source_key_and_value(string text, string source, string key, string value)
    {
        Label label = Label.Parse(text);

        Assert.Equal((source, key, value), (label.Source, label.Key, label.Value));
        Assert.Equal(label, Label.Parse(label.ToString()));
    }

    [Fact]
    public void An_empty_value_and_none_are_the_same_label()
    {
        Assert.Equal(Label.Parse("k8s:app"), Label.Parse("k8s:app="));
        Assert.Equal("k8s:app", Label.Parse("k8s:app=").ToString());
    }

    [Theory]
    [InlineData("", "the key is empty")]
    [InlineData("k8s:", "the key is empty")]
    [InlineData("k8s:=x", "the key is empty")]
    [InlineData(":app=x", "the source before ':' is empty")]
    [InlineData("K8S:app=x", "the source may hold")]
    [InlineData("k8s:a:b=x", "the key may hold")]
    [InlineData("k8s:a b=x", "the key may hold")]
    [InlineData("k8s:app=a;k8s:role=admin", "the value may hold")]
    [InlineData("k8s:app=a\nb", "the value may hold")]
    [InlineData("k8s:app=\u202eevil", "the value may hold")]
    public void A_malformed_label_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(Label.TryParse(text, out _, out string? error));
        Assert.Contains(reason, error);
    }

    [Fact]
    public void Every_part_has_a_longest_length()
    {
        string key = new('k', Label.MaxKeyLength);
        string value = new('v', Label.MaxValueLength);
        string source = new('s', Label.MaxSourceLength);

        Assert.Equal(value, Label.Parse($"{source}:{key}={value}").Value);
        Assert.False(Label.TryParse($"{source}s:{key}={value}", out _, out _));
        Assert.False(Label.TryParse($"{source}:{key}k={value}", out _, out _));
        Assert.False(Label.TryParse($"{source}:{key}={value}v", out _, out _));
    }

    [Fact]
    public void An_error_shows_hostile_text_bounded_and_on_one_line()
    {
        Assert.False(Label.TryParse("k8s:app=\n\u001b[31m" + new string('x', 100_000), out _, out string? error));

        Assert.True(error.Length < 200);
        Assert.DoesNotContain(error, char.IsControl);
    }
}
