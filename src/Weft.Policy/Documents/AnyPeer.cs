namespace Weft.Policy.Documents;

/// <summary>Everybody, also whom nobody knows: the entity `all`.</summary>
public sealed record AnyPeer(string Path, int Line) : PolicyPeer(Path, Line)
{
    public override string ToString() => "all";
}
