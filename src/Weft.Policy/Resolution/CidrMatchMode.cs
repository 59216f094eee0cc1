namespace Weft.Policy.Resolution;

/// <summary>Whom rules with CIDRs mean. Pods never: their addresses come and go, and they have identities.</summary>
public enum CidrMatchMode
{
    /// <summary>Addresses outside the cluster.</summary>
    World,

    /// <summary>Nodes too, which then need an identity each (<see cref="CidrIdentities.ForNodes"/>).</summary>
    WorldAndNodes,
}
