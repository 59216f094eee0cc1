using System.Text;
using Weft.Model.Labels;

namespace Weft.Model.Tests.Labels;

public sealed class LabelSetTests
{
    [Fact]
    public void Equal_sets_have_equal_canonical_text_in_whatever_order_they_came()
    {
        LabelSet one = LabelSet.Parse(["k8s:b=2", "k8s:a=1", "container:c"]);
        LabelSet two = LabelSet.Parse(["container:c=", "k8s:a=1", "k8s:b=2", "k8s:a=1"]);

        Assert.Equal("container:c;k8s:a=1;k8s:b=2;", one.Canonical);
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
    }

    [Fact]
    public void Sets_whose_texts_run_together_differ()
    {
        Assert.NotEqual(LabelSet.Parse(["k8s:a=1", "k8s:b"]), LabelSet.Parse(["k8s:a=1k8s:b"]));
    }

    [Fact]
    public void The_error_names_every_label_that_is_wrong()
    {
        Assert.False(LabelSet.TryParse(["k8s:ok=1", "k8s:", "Bad:x"], out _, out string? error));

        Assert.Contains("'k8s:': the key is empty", error);
        Assert.Contains("'Bad:x': the source may hold", error);
    }

    [Fact]
    public void One_key_with_two_values_is_refused()
    {
        Assert.False(LabelSet.TryParse(["k8s:app=a", "k8s:app=b"], out _, out string? error));
        Assert.Equal("label 'k8s:app' is given with more than one value", error);
    }

    [Fact]
    public void Too_many_labels_and_too_much_text_are_refused()
    {
        Assert.False(LabelSet.TryParse(Enumerable.Range(0, 1_000_000).Select(i => $"k8s:a{i}"), out _, out _));
        Assert.False(LabelSet.TryParse(Enumerable.Range(0, 100).Select(i => $"k8s:a{i}={new string('x', 200)}"), out _, out _));
    }

    [Fact]
    public void Canonical_text_parses_back()
    {
        LabelSet set = LabelSet.Parse(["k8s:b=2", "k8s:a=x:y=z"]);

        Assert.True(LabelSet.TryParseCanonical(set.Canonical, out LabelSet? back, out _));
        Assert.Equal(set, back);
    }

    [Fact]
    public void Random_text_is_parsed_to_the_same_set_again_or_refused()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        const string alphabet = "ak8s:=;/.- \n\0é_Z";
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (int i = random.Next(12); i >= 0; i--)
            {
                text.Append(alphabet[random.Next(alphabet.Length)]);
            }
            if (LabelSet.TryParse([text.ToString(), "k8s:x"], out LabelSet? set, out string? error))
            {
                Assert.True(LabelSet.TryParseCanonical(set.Canonical, out LabelSet? back, out _), $"seed {seed}: {set.Canonical}");
                Assert.Equal(set, back);
                Assert.True(set.Canonical.All(c => c is >= ' ' and <= '~'), $"seed {seed}: {set.Canonical}");
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }
    }

    [Fact]
    public void Find_gives_the_value_or_null()
    {
        LabelSet set = LabelSet.Parse(["k8s:app=cni", "reserved:host"]);

        Assert.Equal("cni", set.Find("k8s", "app"));
        Assert.Equal("", set.Find("reserved", "host"));
        Assert.Null(set.Find("container", "app"));
    }
}
