using System.Diagnostics.CodeAnalysis;
using Weft.Cri.Wire;
using Weft.Model.Endpoints;
using Weft.Model.Labels;

namespace Weft.Control.Pods;

/// <summary>Which labels of a pod's sandbox make its identity.</summary>
/// <remarks>What a runtime says is checked like any input: its client may be another than the kubelet, and any pod's labels are its author's.</remarks>
public static class SandboxLabels
{
    public const string NamespaceKey = "io.kubernetes.pod.namespace";

    /// <summary>Set by the kubelet for itself: the pod's name, uid and namespace, of which the namespace comes from the metadata.</summary>
    private const string KubeletPrefix = "io.kubernetes.";

    /// <summary>Different with every pod, or with every change of a workload: an identity each would say nothing more.</summary>
    private static readonly HashSet<string> s_passing = new(StringComparer.Ordinal)
    {
        "pod-template-hash", "pod-template-generation", "controller-revision-hash", "controller-uid", "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    };

    /// <param name="fault">Why the labels cannot be taken; or, with a set, which of them were left out. Null: nothing is wrong.</param>
    public static bool TryRead(PodSandbox sandbox, EndpointRecord endpoint, [NotNullWhen(true)] out LabelSet? labels, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(endpoint);
        labels = null;
        if (sandbox.Id != endpoint.ContainerId || sandbox.Metadata is not { } metadata)
        {
            fault = "it has no metadata, or another id than was asked for";
            return false;
        }

        if (metadata.Name != endpoint.KubernetesPod || metadata.Namespace != (endpoint.KubernetesNamespace ?? ""))
        {
            fault = $"it is of pod '{Printable.Excerpt($"{metadata.Namespace}/{metadata.Name}")}'";
            return false;
        }

        List<string> refused = [];
        List<Label> taken = [];
        if (metadata.Namespace.Length > 0)
        {
            Take(NamespaceKey, metadata.Namespace, taken, refused);
        }

        foreach ((string key, string value) in sandbox.Labels)
        {
            if (!key.StartsWith(KubeletPrefix, StringComparison.Ordinal) && !s_passing.Contains(key))
            {
                Take(key, value, taken, refused);
            }
        }

        fault = refused.Count == 0 ? null : string.Join("; ", refused.Take(3));
        try
        {
            labels = LabelSet.Create(taken);
            return true;
        }
        catch (FormatException error)
        {
            fault = error.Message;
            return false;
        }
    }

    private static void Take(string key, string value, List<Label> taken, List<string> refused)
    {
        try
        {
            taken.Add(Label.Create(Label.KubernetesSource, key, value));
        }
        catch (FormatException error)
        {
            refused.Add(error.Message);
        }
    }
}
