using Weft.Abi;

namespace Weft.Events;

/// <summary>Tells one client what rules are called: each before the first event that carries its number, and again when its name is another.</summary>
/// <remarks>A rule that is gone keeps the name that was told. Not thread-safe.</remarks>
public sealed class RuleTeller(MonitorFrameWriter frames, IRuleNames names)
{
    /// <summary>Rules that are remembered as told; when there are more, all are told again.</summary>
    public const int MaxRules = 16384;

    private readonly Dictionary<uint, string> _told = [];

    /// <summary>To be called before the event is written.</summary>
    public void TellOf(in EventRecord record)
    {
        if (record.Type != EventType.Policy || record.Policy.Rule is not (> 0 and uint number) || names.Find(number) is not { } name)
        {
            return;
        }

        if (_told.TryGetValue(number, out string? told) && told == name)
        {
            return;
        }

        if (_told.Count >= MaxRules)
        {
            _told.Clear();
        }

        _told[number] = name;
        frames.WriteRule(new RuleName(number, name));
    }
}
