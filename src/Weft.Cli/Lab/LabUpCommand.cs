using System.CommandLine;
using System.Diagnostics;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Lab;
using Weft.Lab.Nodes;
using Weft.Lab.State;
using Weft.Lab.Topology;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab up</c>.</summary>
internal static class LabUpCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<string?> file = new("--file", "-f")
        {
            Description = "The topology (YAML); without it a lab stays as it is, and a new one has two nodes, three pods and a host outside",
            HelpName = "PATH",
        };
        Option<string?> store = new("--store")
        {
            Description = "What the nodes meet in: sqlite (a file that all have) or etcd (one that the lab starts); as the topology says, or sqlite",
            HelpName = "sqlite|etcd",
        };
        store.AcceptOnlyFromAmong("sqlite", "etcd");
        WeftCommand command = new(
            "up",
            "Builds a lab, or repairs it: agents that died are started again, pods are added and removed to fit the topology.",
            new Example("weft lab up", "the lab 'default': nodes bpf1 and bpf2, pods cni-6vf5d, cni-j22kt and web-k9x2p, host client"),
            new Example("weft lab up -f topology.yaml --lab mine", "another lab beside it, as a file says"),
            new Example("weft lab up --store etcd", "the nodes meet in an etcd, as real machines do"),
            new Example("weft lab up", "again: repairs what has died"));
        command.Add(file);
        command.Add(store);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetValue(file), invocation.Parse.GetValue(store), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, string? file, string? store, CancellationToken cancellationToken)
    {
        string lab = LabChoice.NewOrNamed(invocation);
        (LabTopology, string)? wanted = await ReadAsync(lab, file, store, cancellationToken);
        LabProgressPrinter progress = new(invocation.Error, !Console.IsErrorRedirected);
        LabBuilder builder = new(lab, AgentLauncher.FindAgent(), progress);
        long began = Stopwatch.GetTimestamp();
        LabChange change;
        try
        {
            change = await builder.BuildAsync(wanted, () => progress.Say($"waiting for another 'weft lab' command on lab {lab}"), cancellationToken);
        }
        finally
        {
            progress.Finish();
        }

        if (invocation.AsJson)
        {
            invocation.WriteJson(await LabReporter.ReadAsync(lab, cancellationToken), LabJson.Default.LabReport);
            return;
        }

        await invocation.Output.WriteLineAsync($"lab {lab} is up: {Describe(change)} ({Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s)");
    }

    /// <returns>Null: as the lab is.</returns>
    private static async Task<(LabTopology, string)?> ReadAsync(string lab, string? file, string? store, CancellationToken cancellationToken)
    {
        if (file is null && store is null)
        {
            return null;
        }

        string standing = new LabPaths(lab).TopologyFile;
        string? source = file ?? (File.Exists(standing) ? standing : null);
        (LabTopology topology, string text) = source is null
            ? (TopologyReader.Default, LabTopology.DefaultText)
            : await ReadAsync(source, cancellationToken);
        if (store is null || store == KindOf(topology))
        {
            return (topology, text);
        }

        text = $"{text.TrimEnd()}\nstore: {store}\n";
        return (TopologyReader.Parse(text, $"{source ?? "default"} with --store {store}"), text);
    }

    private static string KindOf(LabTopology topology) => topology.Store == LabStoreKind.Etcd ? "etcd" : "sqlite";

    private static async Task<(LabTopology, string)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            string text = await TopologyReader.ReadTextAsync(path, cancellationToken);
            return (TopologyReader.Parse(text, path), text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"read topology {path}: {exception.Message}", exception);
        }
    }

    private static string Describe(LabChange change)
    {
        if (change.IsNew)
        {
            return $"{Count(change.AgentsStarted.Length, "node")}, {Count(change.PodsAdded.Length, "pod")}";
        }

        if (change.IsEmpty)
        {
            return "nothing to do";
        }

        string[] parts =
        [
            .. change.EtcdStarted ? ["started etcd"] : Array.Empty<string>(),
            .. change.AgentsStarted.Select(node => $"started the agent of {node}"),
            .. change.PodsRemoved.Select(pod => $"removed pod {pod}"),
            .. change.PodsAdded.Select(pod => $"added pod {pod}"),
        ];
        return string.Join(", ", parts);
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
