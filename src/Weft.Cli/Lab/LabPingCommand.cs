using System.CommandLine;
using System.Globalization;
using System.Net;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Lab;
using Weft.Lab.Probes;
using Weft.Lab.Programs;
using Weft.Lab.State;
using Weft.Lab.Topology;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab ping</c>.</summary>
internal static class LabPingCommand
{
    private const int MostInMatrix = 16;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public static Command Create(CommandFactory factory)
    {
        Argument<string?> source = Pod("source", "SRC", "The pod that asks; none: every pod asks every other one");
        Argument<string?> destination = Pod("destination", "DST", "The pod that answers; none: all others");
        Option<int> count = new("--count", "-c") { Description = "How many requests, for one pair", HelpName = "N", DefaultValueFactory = _ => 1 };
        count.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 100_000)
            {
                result.AddError("--count is a number from 1 to 100000");
            }
        });
        WeftCommand command = new(
            "ping",
            "Sends ICMP echo requests between pods. Fails if a pod on another node does not answer.",
            new Example("weft lab ping", "every pair, as a table"),
            new Example("weft lab ping cni-6vf5d", "from one pod to all others"),
            new Example("weft lab ping cni-6vf5d cni-j22kt -c 5", "one pair, line by line"));
        command.Add(source);
        command.Add(destination);
        command.Add(count);
        factory.SetAction(command, (invocation, cancellationToken) =>
        {
            string? from = invocation.Parse.GetValue(source);
            string? to = invocation.Parse.GetValue(destination);
            return from is not null && to is not null
                ? PingPairAsync(invocation, from, to, invocation.Parse.GetValue(count), cancellationToken)
                : PingMatrixAsync(invocation, from, cancellationToken);
        });
        return command;
    }

    private static Argument<string?> Pod(string name, string helpName, string description)
    {
        Argument<string?> pod = new(name) { HelpName = helpName, Description = description, Arity = ArgumentArity.ZeroOrOne };
        pod.CompletionSources.Add(LabChoice.MemberNames);
        // A word with a dash is an option that does not exist, never a pod.
        pod.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] word }])
            {
                result.AddError($"unknown option '{word}'");
            }
        });
        return pod;
    }

    private static async Task<int> PingPairAsync(Invocation invocation, string from, string to, int count, CancellationToken cancellationToken)
    {
        string lab = LabChoice.Existing(invocation);
        (LabTopology topology, Dictionary<string, IPAddress> addresses) = await ReadAsync(lab, cancellationToken);
        PodSpec source = FindPod(lab, topology, from);
        PodSpec destination = FindPod(lab, topology, to);
        IPAddress address = addresses.GetValueOrDefault(to) ?? throw new LabException($"ping {to}: it has no address ('weft lab status' says why)");
        using EchoProbe probe = new(LabMember.Find(lab, from));
        List<PingReport> reports = [];
        for (int sequence = 0; sequence < count; sequence++)
        {
            EchoResult result = await probe.SendAsync(address, s_timeout, cancellationToken);
            reports.Add(Report(new PodReach(source, destination, result), address));
            if (!invocation.AsJson)
            {
                await invocation.Output.WriteLineAsync(result.IsReply
                    ? string.Create(CultureInfo.InvariantCulture, $"{result.Bytes} bytes from {result.From}: seq={sequence} ttl={result.TimeToLive} time={result.RoundTrip.TotalMilliseconds:0.000} ms")
                    : $"{to} ({address}): seq={sequence}: {result.Error}");
                await invocation.Output.FlushAsync(cancellationToken);
            }
        }

        if (invocation.AsJson)
        {
            invocation.WriteJson(reports, LabJson.Default.ListPingReport);
        }

        return reports.All(report => report.Reached) ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> PingMatrixAsync(Invocation invocation, string? from, CancellationToken cancellationToken)
    {
        string lab = LabChoice.Existing(invocation);
        (LabTopology topology, Dictionary<string, IPAddress> addresses) = await ReadAsync(lab, cancellationToken);
        PodSpec[] pods = [.. topology.Pods.Where(pod => addresses.ContainsKey(pod.Name))];
        PodSpec[] sources = from is null ? pods : [FindPod(lab, topology, from)];
        if (from is null && pods.Length > MostInMatrix)
        {
            throw new UsageException($"{pods.Length} pods are too many for a table (at most {MostInMatrix}): name the pod that asks");
        }

        IReadOnlyList<PodReach> reaches = await ReachMatrix.ProbeAsync(lab, sources, pods, addresses, cancellationToken);
        if (invocation.AsJson)
        {
            invocation.WriteJson([.. reaches.Select(reach => Report(reach, addresses[reach.Destination.Name]))], LabJson.Default.ListPingReport);
        }
        else
        {
            WriteMatrix(invocation.Output, sources, pods, reaches);
        }

        return reaches.All(reach => reach.Result.IsReply || reach.IsOnOneNode) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void WriteMatrix(TextWriter output, PodSpec[] sources, PodSpec[] pods, IReadOnlyList<PodReach> reaches)
    {
        TextTable table = new();
        table.Add(["FROM \\ TO", .. pods.Select(pod => pod.Name)]);
        foreach (PodSpec source in sources)
        {
            table.Add([source.Name, .. pods.Select(destination =>
                source == destination ? "-" : Cell(reaches.First(reach => reach.Source == source && reach.Destination == destination)))]);
        }

        table.Write(output);
        if (reaches.Any(reach => reach.IsOnOneNode && !reach.Result.IsReply))
        {
            output.WriteLine();
            output.WriteLine("same node: no answer, and no failure: the datapath forwards between nodes only, so far");
        }
    }

    private static string Cell(PodReach reach) => reach switch
    {
        { Result: { IsReply: true } result } =>
            string.Create(CultureInfo.InvariantCulture, $"{result.RoundTrip.TotalMilliseconds:0.00} ms ttl={result.TimeToLive}"),
        { IsOnOneNode: true } => "same node",
        _ => "no answer",
    };

    private static PingReport Report(PodReach reach, IPAddress address) => new(
        reach.Source.Name, reach.Destination.Name, address.ToString(), reach.Result.IsReply,
        reach.Result.IsReply ? reach.Result.TimeToLive : null,
        reach.Result.IsReply ? reach.Result.RoundTrip.TotalMilliseconds : null,
        reach.Result.Error);

    private static PodSpec FindPod(string lab, LabTopology topology, string name) => topology.FindPod(name)
        ?? throw new LabException($"find pod '{name}' in lab {lab}: there is none of that name (there are: {string.Join(", ", topology.Pods.Select(pod => pod.Name).Take(MostInMatrix))})");

    private static async Task<(LabTopology Topology, Dictionary<string, IPAddress> Addresses)> ReadAsync(string lab, CancellationToken cancellationToken)
    {
        LabReport report = await LabReporter.ReadAsync(lab, cancellationToken);
        Dictionary<string, IPAddress> addresses = report.Nodes.SelectMany(node => node.Pods).Where(pod => pod.Address is not null)
            .ToDictionary(pod => pod.Name, pod => IPAddress.Parse(pod.Address!));
        return (new LabDirectory(lab).ReadTopology()!, addresses);
    }
}
