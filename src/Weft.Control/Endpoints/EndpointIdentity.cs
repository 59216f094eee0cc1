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
        if (labels.FirstOrDefault(label => label.Source == Label.ReservedSource) is { } reserved)
        {
            throw new EndpointException(
                EndpointError.Invalid,
                $"take the identity of labels {labels}: '{reserved}' is the system's own (labels of pods have another source, such as "
                    + "'k8s:')");
        }

        return labels.Count == 0
            ? Identity.Init
            : await identities.AcquireAsync(labels, cancellationToken).ConfigureAwait(false);
    }
}
