using Weft.Model.Labels;

namespace Weft.Cni.Protocol;

/// <summary>What <c>CNI_ARGS</c> says of the pod. Runtimes send keys that concern others: they are passed over.</summary>
internal sealed record CniArguments
{
    public static readonly CniArguments None = new();

    private const string NamespaceKey = "K8S_POD_NAMESPACE";
    private const string NameKey = "K8S_POD_NAME";
    private const string UidKey = "K8S_POD_UID";

    public string? PodNamespace { get; init; }

    public string? PodName { get; init; }

    public string? PodUid { get; init; }

    /// <summary>Address that the pod is to get, by the convention's key <c>IP</c>.</summary>
    public string? IP { get; init; }

    public string? Mac { get; init; }

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
                return None;
            }

            values[pair[..equals]] = pair[(equals + 1)..];
        }

        return new CniArguments
        {
            PodNamespace = NonEmpty(values, NamespaceKey),
            PodName = NonEmpty(values, NameKey),
            PodUid = NonEmpty(values, UidKey),
            IP = NonEmpty(values, "IP"),
            Mac = NonEmpty(values, "MAC"),
        };
    }

    private static string? NonEmpty(Dictionary<string, string> values, string key) =>
        values.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;
}
