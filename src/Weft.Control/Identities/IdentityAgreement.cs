using System.Text;
using Weft.Store;

namespace Weft.Control.Identities;

/// <summary>What is in the key that decides which number a label set has: the number, after a minus while it is being collected.</summary>
/// <remarks>A collector condemns, looks for uses, and removes what is still condemned. Whoever needs the identity pardons it, so that
/// its number stays the same and the removal fails.</remarks>
internal static class IdentityAgreement
{
    private const byte Mark = (byte)'-';

    public static bool IsCondemned(StoreEntry entry) => entry.Value.Span is [Mark, ..];

    public static string NumberIn(StoreEntry entry) => Encoding.UTF8.GetString(entry.Value.Span[(IsCondemned(entry) ? 1 : 0)..]);

    public static StorePut Pardon(StoreEntry condemned) =>
        new(condemned.Key, condemned.Value[1..]) { Condition = PutCondition.At(condemned.Modified) };

    public static StorePut Condemn(StoreEntry entry) =>
        new(entry.Key, (byte[])[Mark, .. entry.Value.Span]) { Condition = PutCondition.At(entry.Modified) };
}
