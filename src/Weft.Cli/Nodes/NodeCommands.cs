using System.CommandLine;
using Weft.Api;
using Weft.Api.Cluster;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Nodes;

/// <summary><c>weft node …</c>.</summary>
internal static class NodeCommands
{
    public static Command Create(CommandFactory factory)
    {
        Command group = CommandFactory.Group("node", "The nodes of the cluster.", CreateList(factory));
        group.Aliases.Add("nodes");
        return group;
    }

    private static WeftCommand CreateList(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists the nodes that this node knows, by name, with the addresses that their pods get.",
            new Example("weft node list", "all nodes"));
        command.Aliases.Add("ls");
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            ClusterNodeStatus cluster = await agent.GetNodesAsync(cancellationToken);
            Write(invocation, cluster with { NodesAdded = [.. cluster.NodesAdded.OrderBy(n => n.Name, StringComparer.Ordinal)] });
        });
        return command;
    }

    private static void Write(Invocation invocation, ClusterNodeStatus cluster)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(cluster.NodesAdded, JsonOutput.Api.NodeList);
            return;
        }

        TextTable table = new();
        table.Add("Name", "IPv4 Address", "Endpoint CIDR", "IPv6 Address", "Endpoint CIDR", "Source");
        foreach (NodeElement node in cluster.NodesAdded)
        {
            table.Add(
                node.Name,
                node.PrimaryAddress?.Ipv4?.Ip ?? "",
                node.PrimaryAddress?.Ipv4?.AllocRange ?? "",
                node.PrimaryAddress?.Ipv6?.Ip ?? "",
                node.PrimaryAddress?.Ipv6?.AllocRange ?? "",
                node.Source ?? "");
        }

        table.Write(invocation.Output);
    }
}
