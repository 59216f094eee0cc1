using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Policy.Tests;

public sealed class LabelSelectorTextTests
{
    private static readonly LabelSet s_web = LabelSet.Parse(["k8s:app=web", "k8s:tier=front", "reserved:init"]);

    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData("app=db", false)]
    [InlineData("k8s:app=web", true)]
    [InlineData("any:app=web", true)]
    [InlineData("cni:app=web", false)]
    [InlineData("app!=db", true)]
    [InlineData("app!=web", false)]
    [InlineData("nothing!=web", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("app,!canary", true)]
    [InlineData("!app", false)]
    [InlineData("app=web,tier in (back)", false)]
    [InlineData("app in (web),tier=front", true)]
    public void Labels_meet_all_conditions_or_not(string text, bool matches)
    {
        Assert.True(LabelSelectorText.TryParse(text, out LabelSelector? selector, out string? error), error);
        Assert.Equal(matches, selector.Matches(s_web));
    }

    [Theory]
    [InlineData("")]
    [InlineData("app=web,")]
    [InlineData("=web")]
    [InlineData("app web")]
    [InlineData("app in web")]
    [InlineData("app within (web)")]
    [InlineData("app=w b")]
    [InlineData("app in (a,b")]
    public void What_is_no_selector_is_refused_with_what_there_is(string text)
    {
        Assert.False(LabelSelectorText.TryParse(text, out _, out string? error));
        Assert.Contains("is none of KEY=VALUE", error, StringComparison.Ordinal);
    }
}
