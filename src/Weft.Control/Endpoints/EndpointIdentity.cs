using Weft.Control.Identities;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Control.Endpoints;

/// <summary>Which identity the labels of an endpoint stand for.</summary>
internal static class EndpointIdentity
{
    /// <summary>An endpoint without labels is <c>reserved:init</c>: what it is, nobody has said yet.</summary>
    /// <exception cref="EndpointException">A label claims to be one of the system's own.</exception>
    public static async Task<Identity> AcquireAsync(IdentityAllocator identities, LabelSet labels, CancellationToken cancellationToken)
    {
        RequireOwn(labels);
        return labels.Count == 0
            ? Identity.Init
            : await identities.AcquireAsync(labels, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The same while the store may be away: then an identity that this node knows of, else <c>reserved:init</c> until the store is back.
    /// </summary>
    public static async Task<Identity> AcquireAsync(
        IdentityAllocator identities, LabelSet labels, StoreTrial trial, CancellationToken cancellationToken)
    {
        Identity? identity = null;
        if (await trial.TryAsync(async () => identity = await AcquireAsync(identities, labels, cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false))
        {
            return identity!.Value;
        }

        RequireOwn(labels);
        return labels.Count == 0
            ? Identity.Init
            : await identities.AcquireKnownAsync(labels, cancellationToken).ConfigureAwait(false) ?? Identity.Init;
    }

    /// <summary>Whether the identity stands in for one that could not be agreed on yet.</summary>
    public static bool IsStandIn(Identity identity, LabelSet labels) => identity == Identity.Init && labels.Count > 0;

    private static void RequireOwn(LabelSet labels)
    {
        if (labels.FirstOrDefault(label => label.Source == Label.ReservedSource) is { } reserved)
        {
            throw new EndpointException(
                EndpointError.Invalid,
                $"take the identity of labels {labels}: '{reserved}' is the system's own (labels of pods have another source, such as "
                    + "'k8s:')");
        }
    }
}
