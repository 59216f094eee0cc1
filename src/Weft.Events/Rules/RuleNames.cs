using System.Text;

namespace Weft.Events;

/// <summary>The names of rules that a stream has told.</summary>
/// <remarks>Holds at most <see cref="MaxRules"/>. Not thread-safe.</remarks>
public sealed class RuleNames
{
    /// <summary>More than an agent remembers to have told (<see cref="RuleTeller.MaxRules"/>): beyond it numbers are shown.</summary>
    public const int MaxRules = 4 * RuleTeller.MaxRules;

    private readonly Dictionary<uint, string> _names = [];

    public void Learn(RuleName rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (_names.Count < MaxRules || _names.ContainsKey(rule.Number))
        {
            _names[rule.Number] = Printable(rule.Name);
        }
    }

    /// <summary>Null: none was told.</summary>
    public string? Find(uint number) => _names.GetValueOrDefault(number);

    /// <summary>Names are written by people in documents; no terminal obeys them.</summary>
    private static string Printable(string name)
    {
        if (!name.Any(char.IsControl))
        {
            return name;
        }

        StringBuilder text = new(name);
        for (int at = 0; at < text.Length; at++)
        {
            text[at] = char.IsControl(text[at]) ? '?' : text[at];
        }

        return text.ToString();
    }
}
