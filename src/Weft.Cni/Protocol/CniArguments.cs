using Weft.Model.Labels;

namespace Weft.Cni.Protocol;

/// <summary>What <c>CNI_ARGS</c> says of the pod. Runtimes send keys that concern others: they are passed over.</summary>
internal sealed record CniArguments(string? PodNamespace, string? PodName)
{
    private const string NamespaceKey = "K8S_POD_NAMESPACE";
    private const string NameKey = "K8S_POD_NAME";

    /// <summary>Parses <c>KEY=VALUE;KEY=VALUE</c>.</summary>
    /// <param name="error">What is wrong, for a message.</param>
    public static CniArguments Parse(string? text, out string? error)
    {
        error = null;
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string pair in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                error = $"CNI_ARGS '{Printable.Excerpt(pair)}': not of the form KEY=VALUE";
                return new CniArguments(null, null);
            }

            values[pair[..equals]] = pair[(equals + 1)..];
        }

        return new CniArguments(NonEmpty(values, NamespaceKey), NonEmpty(values, NameKey));
    }

    private static string? NonEmpty(Dictionary<string, string> values, string key) =>
        values.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;
}
