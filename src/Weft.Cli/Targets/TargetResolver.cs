using Weft.Cli.Hosting;

namespace Weft.Cli.Targets;

/// <summary>Finds the node that is meant, and says which there are where that is not clear.</summary>
internal sealed class TargetResolver(CliHost host)
{
    private readonly RunningLabs _labs = new(host.LabsDirectory);

    /// <exception cref="UsageException">The request contradicts itself, leaves open which node, or names several.</exception>
    public Target Resolve(TargetRequest request)
    {
        ThrowIfContradictory(request);
        if (request.Nodes.Count > 1 || request.Sockets.Count > 1)
        {
            throw new UsageException($"{List([.. request.Nodes, .. request.Sockets])}: this command is about one node");
        }

        return request.HasPaths ? new Target(request.Sockets is [string only] ? only : host.OwnSocket, request.BpfRoot ?? host.OwnBpfRoot)
            : request is { Lab: null, Nodes: [] } ? OwnOrOnlyNode()
            : LabNode(request.Lab, request.Nodes is [string node] ? node : null);
    }

    /// <summary>All nodes of a lab, or those of them that are named, with the lab's name; else this one node or those of the sockets, with none.</summary>
    /// <exception cref="UsageException">The request contradicts itself, or leaves open which lab.</exception>
    public (string? Lab, IReadOnlyList<(string Name, string Socket)> Nodes) ResolveAll(TargetRequest request)
    {
        ThrowIfContradictory(request);
        if (request.Sockets.Count > 1)
        {
            return (null, [.. request.Sockets.Distinct().Select(socket => (socket, socket))]);
        }

        IReadOnlyList<string> labs = _labs.Names();
        if (request.HasPaths || (request is { Lab: null, Nodes: [] } && (labs.Count == 0 || Path.Exists(host.OwnSocket))))
        {
            return (null, [("this node", Resolve(request).SocketPath)]);
        }

        string lab = request.Lab ?? OnlyLab();
        IReadOnlyList<string> nodes = request.Nodes.Count > 0 ? [.. request.Nodes.Distinct()] : _labs.NodesOf(lab);
        return nodes.Count > 0
            ? (lab, [.. nodes.Select(node => (node, LabNode(lab, node).SocketPath))])
            : throw new UsageException($"lab '{lab}': it is not up; {DescribeLabs(labs)} (start it with 'weft lab up')");
    }

    private static void ThrowIfContradictory(TargetRequest request)
    {
        if (request.HasPaths && request is not { Lab: null, Nodes: [] })
        {
            throw new UsageException(
                "--socket and --bpf-root name a node by its paths, --lab and --node by its name: give one or the other");
        }
    }

    private Target OwnOrOnlyNode()
    {
        Target own = new(host.OwnSocket, host.OwnBpfRoot);
        IReadOnlyList<string> labs = _labs.Names();
        if (labs.Count == 0 || Path.Exists(own.SocketPath) || Directory.Exists(own.BpfRoot))
        {
            return own;
        }

        return labs.Count == 1 && _labs.NodesOf(labs[0]) is [string only]
            ? _labs.TargetOf(labs[0], only)
            : throw new UsageException(
                $"which node? this machine has no agent of its own; {DescribeLabs(labs)} (choose with --lab and --node)");
    }

    private Target LabNode(string? wantedLab, string? wantedNode)
    {
        string lab = wantedLab ?? OnlyLab();
        IReadOnlyList<string> nodes = _labs.NodesOf(lab);
        if (nodes.Count == 0)
        {
            throw new UsageException($"lab '{lab}': it is not up; {DescribeLabs(_labs.Names())} (start it with 'weft lab up')");
        }

        string node = wantedNode ?? (nodes is [string only]
            ? only
            : throw new UsageException($"which node of lab '{lab}'? it has {List(nodes)} (choose with --node)"));
        return nodes.Contains(node)
            ? _labs.TargetOf(lab, node)
            : throw new UsageException($"node '{node}' of lab '{lab}': no such node; it has {List(nodes)}");
    }

    private string OnlyLab() => _labs.Names() switch
    {
        [string only] => only,
        [] => throw new UsageException("--node names a node of a lab, and no lab is up (start one with 'weft lab up')"),
        IReadOnlyList<string> several => throw new UsageException($"which lab? {DescribeLabs(several)} (choose with --lab)"),
    };

    private string DescribeLabs(IReadOnlyList<string> labs) =>
        labs.Count == 0 ? "no lab is up" : string.Join(", ", labs.Select(lab => $"lab '{lab}' has {List(_labs.NodesOf(lab))}"));

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "no nodes" : string.Join(", ", names);
}
