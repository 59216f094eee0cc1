using System.Globalization;
using Weft.Cli.Hosting;
using Weft.Events.Hops;
using Weft.Linux;

namespace Weft.Cli.Trace;

/// <summary>The network namespace that <c>--filter-netns</c> means.</summary>
/// <param name="Text">As nodes are asked for it: an inode, or a pod's full name.</param>
/// <param name="Nodes">Those that have it, as far as is known.</param>
/// <param name="IsForeign">It may be neither a node's nor a pod's.</param>
internal sealed record KernelNamespace(string Text, IReadOnlyList<TraceNode> Nodes, bool IsForeign)
{
    private const string Inode = "inode:";

    /// <summary>Null: none was named.</summary>
    /// <exception cref="UsageException">There is no such namespace.</exception>
    public static KernelNamespace? Find(string? text, TraceWorld world)
    {
        if (text is null)
        {
            return null;
        }

        string number = text.StartsWith(Inode, StringComparison.Ordinal) ? text[Inode.Length..] : text;
        if (text.StartsWith('/'))
        {
            number = FileIdentity.Of(text)?.Inode.ToString(CultureInfo.InvariantCulture)
                ?? throw new UsageException($"trace kernel: --filter-netns '{text}': there is no such file");
        }

        if (uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out uint inode) && inode != 0)
        {
            // Every node of a lab would tell of a namespace that is nobody's.
            return new KernelNamespace(inode.ToString(CultureInfo.InvariantCulture), world.Nodes, IsForeign: world.Lab is null);
        }

        IReadOnlyList<(TraceNode Node, string Name)> pods = world.FindPods(text);
        return pods.DistinctBy(pod => pod.Name).Count() == 1
            ? new KernelNamespace(pods[0].Name, [.. pods.Select(pod => pod.Node)], IsForeign: false)
            : throw new UsageException($"trace kernel: --filter-netns '{text}': there are {string.Join(", ", pods.Select(pod => pod.Name))} (give NAMESPACE/POD)");
    }

    public bool Has(Sighting seen) => seen.NamespaceInode.ToString(CultureInfo.InvariantCulture) == Text || (seen.Namespace is { Length: > 0 } name && name == Text);
}
