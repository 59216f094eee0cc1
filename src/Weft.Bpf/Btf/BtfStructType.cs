namespace Weft.Bpf.Btf;

/// <summary>A struct or union as the compiler laid it out.</summary>
public sealed record BtfStructType(string Name, bool IsUnion, int Size, IReadOnlyList<BtfMember> Members)
{
    public BtfMember? FindMember(string name)
    {
        foreach (BtfMember member in Members)
        {
            if (member.Name == name)
            {
                return member;
            }
        }

        return null;
    }
}
