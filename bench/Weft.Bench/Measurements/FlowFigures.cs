using Weft.Bench.Reporting;
using Weft.Bench.Topologies;

namespace Weft.Bench.Measurements;

/// <summary>The ways other than from pod to pod over the overlay: services, node ports, pods of one node, the world.</summary>
internal static class FlowFigures
{
    /// <summary>Of what the pod's own address gives.</summary>
    private const double ServiceTarget = 0.97;

    /// <summary>Ahead of the kernel's own means.</summary>
    private const double AheadTarget = 1;

    /// <summary>Figures that <see cref="Measure"/> knows.</summary>
    public static readonly IReadOnlyList<string> Names = ["services", "nodeport", "same-node", "masquerade"];

    public static IEnumerable<Figure> Measure(BenchOptions options, WeftLab lab, Action<string> progress)
    {
        List<Figure> figures = [];
        if (options.Wants("services") || options.Wants("nodeport"))
        {
            progress("a service, until it answers");
            lab.ApplyService();
        }

        if (options.Wants("services"))
        {
            figures.AddRange(Services(options, lab, progress));
        }

        if (options.Wants("same-node"))
        {
            using PlainRouting plain = new();
            figures.AddRange(Compare(options, "same-node", ["tcp-1", "tcp-rr"], new("Weft", lab.SameNode), new("veth and routing", plain.SameNode), AheadTarget, progress));
        }

        if (options.Wants("nodeport") || options.Wants("masquerade"))
        {
            using NftOnVxlan nft = new();
            figures.AddRange(Compare(options, "nodeport", ["tcp-1", "udp-64", "tcp-rr", "tcp-crr"], new("Weft", lab.FromOutside), new(nft.Name, nft.FromOutside), AheadTarget, progress));
            figures.AddRange(Compare(options, "masquerade", ["tcp-1", "tcp-rr", "tcp-crr"], new("Weft", lab.ToOutside), new(nft.Name, nft.ToOutside), target: null, progress));
        }

        return figures;
    }

    /// <summary>Translated at the socket or in packets, each beside the pod's own address called from the same place.</summary>
    private static List<Figure> Services(BenchOptions options, WeftLab lab, Action<string> progress)
    {
        const string figure = "services";
        IReadOnlyList<DatapathRow> rows = DatapathRow.Named("tcp-rr", "tcp-crr");
        TrafficPath byPacket = new("service by packet", lab.Service);
        TrafficPath direct = new("pod, no socket programs", lab.Pods);
        TrafficPath[] paths = [byPacket, direct];
        TrafficPath? atSocket = null;
        TrafficPath? directInside = null;
        if (lab.ClientCgroup is { } cgroup)
        {
            atSocket = new("service at the socket", lab.Service) { Cgroup = cgroup };
            directInside = new("pod", lab.Pods) { Cgroup = cgroup };
            paths = [atSocket, directInside, .. paths];
        }

        DatapathComparison comparison = new(rows, paths, options.Plan);
        comparison.Run(options.Repetitions, progress);
        List<Figure> figures = [];
        foreach (DatapathRow row in rows)
        {
            if (atSocket is not null && directInside is not null)
            {
                figures.Add(comparison.FigureOf(figure, $"{row.Name} {atSocket.Name}", row, atSocket, directInside, ServiceTarget));
            }

            figures.Add(comparison.FigureOf(figure, $"{row.Name} {byPacket.Name}", row, byPacket, direct, target: null));
        }

        return figures;
    }

    private static IEnumerable<Figure> Compare(
        BenchOptions options, string figure, string[] rowNames, TrafficPath weft, TrafficPath kernel, double? target, Action<string> progress)
    {
        if (!options.Wants(figure))
        {
            return [];
        }

        IReadOnlyList<DatapathRow> rows = DatapathRow.Named(rowNames);
        DatapathComparison comparison = new(rows, [weft, kernel], options.Plan);
        comparison.Run(options.Repetitions, text => progress($"{figure}: {text}"));
        return rows.Select(row => comparison.FigureOf(figure, row.Name, row, weft, kernel, target));
    }
}
