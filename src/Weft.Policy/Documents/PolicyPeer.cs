namespace Weft.Policy.Documents;

/// <summary>
/// Whom a rule speaks of on the other side: one of <see cref="AnyPeer"/>, <see cref="LabelPeer"/>, <see cref="CidrPeer"/>,
/// <see cref="ServicePeer"/>.
/// </summary>
/// <param name="Path">Where it is written, as `spec.ingress[0].from[1]`.</param>
public abstract record PolicyPeer(string Path, int Line);
