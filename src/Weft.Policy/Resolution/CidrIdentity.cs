using System.Net;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Policy.Resolution;

/// <summary>The identity of the addresses in a prefix and in no longer one that has an identity.</summary>
/// <param name="Identity">Of this node only: too great for a VNI, on the wire it is world (2) or remote-node (6).</param>
public sealed record CidrIdentity(IPNetwork Prefix, Identity Identity, LabelSet Labels);
