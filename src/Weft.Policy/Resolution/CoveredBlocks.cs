using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Entries of one identity, to be asked whether another one would still say something.</summary>
internal sealed class CoveredBlocks
{
    private readonly Dictionary<uint, bool> _isDeny = [];

    public void Add(PolicyEntry entry) => _isDeny.TryAdd(entry.Block, entry.IsDeny);

    public void Clear() => _isDeny.Clear();

    /// <summary>Whether an entry as broad or broader denies, which nothing narrower may undo, or says the same.</summary>
    public bool Settles(PolicyEntry entry)
    {
        if (_isDeny.Count == 0)
        {
            return false;
        }

        bool isAllowed = false;
        if (_isDeny.TryGetValue(0, out bool isDeny))
        {
            if (isDeny)
            {
                return true;
            }

            isAllowed = true;
        }

        int longest = entry.Protocol == PortMatch.AnyProtocol ? -1 : entry.PortPrefixLength;
        for (int length = 0; length <= longest; length++)
        {
            if (_isDeny.TryGetValue(PolicyEntry.Key(entry.Protocol, entry.Port, length), out isDeny))
            {
                if (isDeny)
                {
                    return true;
                }

                isAllowed = true;
            }
        }

        return isAllowed && !entry.IsDeny;
    }
}
