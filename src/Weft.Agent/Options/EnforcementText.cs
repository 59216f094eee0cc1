using Weft.Control.Policy;
using Weft.Policy.Resolution;

namespace Weft.Agent.Options;

/// <summary>When endpoints are under policy, as people write it: one word, or one a direction (<c>ingress=always,egress=default</c>).</summary>
internal static class EnforcementText
{
    public static readonly string Words = string.Join(", ", Enum.GetValues<EnforcementMode>().Select(Word));

    /// <summary>A direction that is not named stays as it is.</summary>
    public static bool TryParse(string text, PolicySettings before, out PolicySettings after)
    {
        after = before;
        foreach (string part in text.Split(','))
        {
            string[] halves = part.Split('=', 2);
            if (!TryParseWord(halves[^1], out EnforcementMode mode))
            {
                return false;
            }

            switch (halves)
            {
                case [_] when text == part:
                    after = after with { Ingress = mode, Egress = mode };
                    break;
                case ["ingress", _]:
                    after = after with { Ingress = mode };
                    break;
                case ["egress", _]:
                    after = after with { Egress = mode };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    public static string Of(PolicySettings settings) =>
        settings.Ingress == settings.Egress ? Word(settings.Ingress) : $"ingress={Word(settings.Ingress)},egress={Word(settings.Egress)}";

    private static bool TryParseWord(string text, out EnforcementMode mode)
    {
        mode = Enum.GetValues<EnforcementMode>().FirstOrDefault(mode => Word(mode) == text);
        return Word(mode) == text;
    }

    private static string Word(EnforcementMode mode) => mode switch
    {
        EnforcementMode.Always => "always",
        EnforcementMode.Never => "never",
        _ => "default",
    };
}
