using Weft.Agent.Http;
using Weft.Api.Services;
using Weft.Control.Policy;
using Weft.Control.Records;
using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Agent.Policies;

/// <summary>Brings policies and labels of namespaces into the cluster's store, or takes them away.</summary>
/// <remarks>
/// They are read as a whole first, so a mistake in one changes nothing. A store that fails in between leaves what was written: the same
/// documents again complete it.
/// </remarks>
internal sealed class PolicyChanges(PolicyRegistry registry)
{
    private const string NamespaceKind = "Namespace";

    /// <param name="source">How the text is called in messages about its lines.</param>
    /// <exception cref="ApiRequestException">With every error found.</exception>
    public static PolicyDocuments Read(string text, string source)
    {
        try
        {
            PolicyDocuments read = PolicyReader.Parse(text, source);
            return !read.Policies.IsEmpty || !read.Namespaces.IsEmpty
                ? read
                : throw new ApiRequestException($"read policies {source}: there is no document in it");
        }
        catch (PolicyException error)
        {
            throw new ApiRequestException(error.Message, error);
        }
    }

    public async Task<ManifestReport> ApplyAsync(PolicyDocuments documents, CancellationToken cancellationToken)
    {
        List<ManifestResult> results = [];

        // Namespaces first: a policy that selects by their labels finds them.
        foreach (PolicyNamespace space in documents.Namespaces)
        {
            results.Add(Told(space.Name, Word(await registry.PutAsync(space, cancellationToken).ConfigureAwait(false))));
        }

        foreach (PolicyDocument policy in documents.Policies)
        {
            results.Add(Told(policy.Name, Word(await registry.PutAsync(policy, cancellationToken).ConfigureAwait(false))));
        }

        return new ManifestReport { Results = results };
    }

    public Task<ManifestReport> DeleteAsync(PolicyDocuments documents, CancellationToken cancellationToken) => DeleteAsync(
        [
            .. documents.Policies.Select(policy => new PolicyReference(policy.Name, policy.Name.Namespace)),
            .. documents.Namespaces.Select(space => new PolicyReference(null, space.Name)),
        ],
        cancellationToken);

    public async Task<ManifestReport> DeleteAsync(IReadOnlyList<PolicyReference> references, CancellationToken cancellationToken)
    {
        List<ManifestResult> results = [];
        foreach (PolicyReference reference in references)
        {
            results.Add(reference.Policy is { } name
                ? Told(name, Word(await registry.DeleteAsync(name, cancellationToken).ConfigureAwait(false)))
                : Told(reference.Namespace, Word(await registry.DeleteNamespaceAsync(reference.Namespace, cancellationToken).ConfigureAwait(false))));
        }

        return new ManifestReport { Results = results };
    }

    private static ManifestResult Told(PolicyName name, string result) =>
        new() { Kind = name.Kind.ToString(), Namespace = name.Namespace, Name = name.Name, Result = result };

    private static ManifestResult Told(string @namespace, string result) =>
        new() { Kind = NamespaceKind, Namespace = "", Name = @namespace, Result = result };

    private static string Word(bool deleted) => deleted ? "deleted" : "not found";

    private static string Word(RecordWrite write) => write switch
    {
        RecordWrite.Created => "created",
        RecordWrite.Changed => "configured",
        _ => "unchanged",
    };
}
