namespace Weft.Policy.Documents;

/// <summary>Those with certain labels: pods, nodes, or one of the entities.</summary>
public sealed record LabelPeer(string Path, int Line, LabelSelector Selector) : PolicyPeer(Path, Line)
{
    public override string ToString() => Selector.ToString();
}
