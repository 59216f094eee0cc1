using Weft.Api.Tracing;
using Weft.Cli.Hosting;
using Weft.Cli.Trace;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Cli.Capture;

/// <summary>Where packets are to be seen: at which pods, devices and points.</summary>
/// <param name="Pods">As POD or NAMESPACE/POD.</param>
/// <param name="Selector">Of pods by their labels; null: by name only.</param>
/// <param name="Interfaces">Of the pods that are named, else of the node; <see cref="Any"/>: all.</param>
/// <param name="Points">Of the kernel; none: each packet once where it leaves a device and where it comes in.</param>
internal sealed record CaptureScope(IReadOnlyList<string> Pods, string? Selector, IReadOnlyList<string> Interfaces, IReadOnlyList<string> Points)
{
    public const string Any = "any";
    public const string All = "all";
    public const string Deliver = "deliver";

    private const string Transmit = "transmit";
    private const string Receive = "receive";
    private const string UsualInterface = "eth0";

    /// <summary>Names of points, and of all of them together.</summary>
    public static IReadOnlyList<string> PointNames { get; } = ["queue", Transmit, "notsent", Receive, "socket", "drop", "consumed", "rx", Deliver, All];

    private bool NamesPods => Pods.Count > 0 || Selector is not null;

    private bool IsAtNode => !NamesPods && Interfaces.Count > 0 && !Interfaces.Contains(Any);

    private bool IsEverywhere => !NamesPods && !IsAtNode && (Points.Count > 0 || Interfaces.Contains(Any));

    /// <summary>A packet that the node's stack sends into a pod is received and delivered there: the latter is told of.</summary>
    public bool SkipsReceiveInPods => Points.Count == 0 && !NamesPods && !IsAtNode;

    /// <exception cref="UsageException">A pod that is named is on no node, or the selector cannot be read.</exception>
    public HopRequest ToRequest(TraceWorld world, byte[] code, int snapLength)
    {
        string[] names = [.. Pods.SelectMany(pod => Find(world, pod)).Distinct()];
        string[] points = Points.Contains(All) ? [.. PointNames.Where(name => name != All)]
            : Points.Count > 0 ? [.. Points]
            : IsAtNode ? [Transmit, Receive]
            : IsEverywhere ? [Transmit, Receive, Deliver] : [Transmit, Deliver];
        if (Selector is not null)
        {
            Read(Selector);
        }

        return new HopRequest
        {
            Code = code,
            Points = points,
            Stacks = [.. points.Where(point => point is "drop" or "consumed")],
            SnapLength = snapLength,
            NodeOnly = IsAtNode,
            PodsOnly = !IsAtNode && !IsEverywhere,
            Pods = names,
            Selector = Selector,
            Devices = Interfaces.Contains(Any) ? []
                : Interfaces.Count > 0 ? [.. Interfaces]
                : Points.Count > 0 ? [] : UsualInterfaces(world),
        };
    }

    /// <summary>What is looked at, for the person who waits.</summary>
    public string Describe(TraceWorld world)
    {
        LabelSelector? selector = Selector is null ? null : Read(Selector);
        string[] pods =
        [
            .. Pods.SelectMany(pod => Find(world, pod))
                .Concat(selector is null ? [] : world.Pods().Where(pod => selector.Matches(LabelsOf(pod.Endpoint))).Select(pod => pod.Name)).Distinct(),
        ];
        string which = NamesPods ? $"pods {(pods.Length == 0 ? "(none yet)" : string.Join(", ", pods))}"
            : IsAtNode ? "the node" : IsEverywhere ? "the node and all pods" : "all pods";
        return Interfaces.Count == 0 ? which : $"{which}, interface {string.Join(", ", Interfaces)}";
    }

    private static LabelSelector Read(string text) => LabelSelectorText.TryParse(text, out LabelSelector? selector, out string? error)
        ? selector
        : throw new UsageException($"--selector '{text}': {error}");

    private static string[] Find(TraceWorld world, string pod)
    {
        string[] found = [.. world.Pods().Select(known => known.Name).Where(name => name == pod || name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..] == pod).Distinct()];
        return found.Length > 0
            ? found
            : throw new UsageException($"capture at pod '{pod}': no node has one of that name {world.Known()}");
    }

    private static string[] UsualInterfaces(TraceWorld world)
    {
        string[] known = [.. world.Pods().Select(pod => pod.Endpoint.Status?.Networking?.ContainerInterfaceName).OfType<string>().Where(name => name.Length > 0).Distinct()];
        return known.Length > 0 ? known : [UsualInterface];
    }

    private static LabelSet LabelsOf(Api.Endpoints.EndpointResource endpoint) =>
        LabelSet.TryParse(endpoint.Status?.Identity?.Labels ?? [], out LabelSet? labels, out _) ? labels : LabelSet.Empty;
}
