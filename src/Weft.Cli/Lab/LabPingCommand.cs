using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Lab;
using Weft.Lab.Probes;
using Weft.Lab.Programs;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab ping</c>.</summary>
internal static class LabPingCommand
{
    private const int MostInMatrix = 16;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public static Command Create(CommandFactory factory)
    {
        Argument<string?> source = Member("source", "SRC", "The pod, node or outside host that asks; none: every pod asks every other one");
        Argument<string?> destination = Member("destination", "DST", "The pod, node or outside host that answers; none: all pods");
        Option<int> count = new("--count", "-c") { Description = "How many requests, for one pair", HelpName = "N", DefaultValueFactory = _ => 1 };
        count.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 100_000)
            {
                result.AddError("--count is a number from 1 to 100000");
            }
        });
        Option<bool> only4 = new("--ipv4", "-4") { Description = "IPv4 only; without it every family in which both have an address" };
        Option<bool> only6 = new("--ipv6", "-6") { Description = "IPv6 only" };
        WeftCommand command = new(
            "ping",
            "Sends ICMP echo requests between pods, nodes and outside hosts. Fails if one is not answered.",
            new Example("weft lab ping", "every pair of pods, as a table"),
            new Example("weft lab ping cni-6vf5d", "from one pod to all others"),
            new Example("weft lab ping cni-6vf5d cni-j22kt -c 5", "one pair, line by line"),
            new Example("weft lab ping cni-6vf5d client --ipv6", "from a pod to the host outside"));
        command.Add(source);
        command.Add(destination);
        command.Add(count);
        command.Add(only4);
        command.Add(only6);
        factory.SetAction(command, (invocation, cancellationToken) =>
        {
            string? from = invocation.Parse.GetValue(source);
            string? to = invocation.Parse.GetValue(destination);
            AddressFamily[] families = Families(invocation.Parse.GetValue(only4), invocation.Parse.GetValue(only6));
            return from is not null && to is not null
                ? PingPairAsync(invocation, (from, to), invocation.Parse.GetValue(count), families, cancellationToken)
                : PingMatrixAsync(invocation, from, families, cancellationToken);
        });
        return command;
    }

    private static AddressFamily[] Families(bool only4, bool only6) => (only4, only6) switch
    {
        (true, true) => throw new UsageException("--ipv4 and --ipv6 contradict each other: give one, or none for both families"),
        (true, false) => [AddressFamily.InterNetwork],
        (false, true) => [AddressFamily.InterNetworkV6],
        _ => [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6],
    };

    private static Argument<string?> Member(string name, string helpName, string description)
    {
        Argument<string?> member = new(name) { HelpName = helpName, Description = description, Arity = ArgumentArity.ZeroOrOne };
        member.CompletionSources.Add(LabChoice.MemberNames);
        // A word with a dash is an option that does not exist, never a member.
        member.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] word }])
            {
                result.AddError($"unknown option '{word}'");
            }
        });
        return member;
    }

    private static async Task<int> PingPairAsync(
        Invocation invocation, (string From, string To) names, int count, AddressFamily[] families, CancellationToken cancellationToken)
    {
        string lab = LabChoice.Existing(invocation);
        MemberAddresses addresses = await MemberAddresses.ReadAsync(lab, cancellationToken);
        using EchoProbe probe = new(LabMember.Find(lab, names.From));
        LabMember.Find(lab, names.To);
        ProbePair[] pairs = [.. addresses.Pairs(names.From, names.To, families)];
        if (pairs.Length == 0)
        {
            throw new LabException($"ping {names.To} from {names.From}: there is no address family in which both have an address ('weft lab status' shows what they have)");
        }

        List<PingReport> reports = [];
        foreach (ProbePair pair in pairs)
        {
            for (int sequence = 0; sequence < count; sequence++)
            {
                EchoResult result = await probe.SendAsync(pair.Address, s_timeout, cancellationToken);
                reports.Add(Report(new Reach(pair, result)));
                if (!invocation.AsJson)
                {
                    await invocation.Output.WriteLineAsync(Line(pair, sequence, result));
                    await invocation.Output.FlushAsync(cancellationToken);
                }
            }
        }

        if (invocation.AsJson)
        {
            invocation.WriteJson(reports, LabJson.Default.ListPingReport);
        }

        return reports.All(report => report.Reached) ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Line(ProbePair pair, int sequence, EchoResult result) => result.IsReply
        ? string.Create(CultureInfo.InvariantCulture, $"{result.Bytes} bytes from {result.From}: seq={sequence} ttl={result.TimeToLive} time={result.RoundTrip.TotalMilliseconds:0.000} ms")
        : $"{pair.Destination} ({pair.Address}): seq={sequence}: {result.Error}";

    private static async Task<int> PingMatrixAsync(Invocation invocation, string? from, AddressFamily[] families, CancellationToken cancellationToken)
    {
        string lab = LabChoice.Existing(invocation);
        MemberAddresses addresses = await MemberAddresses.ReadAsync(lab, cancellationToken);
        if (from is null && addresses.Pods.Length > MostInMatrix)
        {
            throw new UsageException($"{addresses.Pods.Length} pods are too many for a table (at most {MostInMatrix}): name the pod that asks");
        }

        string[] sources = from is null ? [.. addresses.Pods] : [LabMember.Find(lab, from).Name];
        ProbePair[] pairs =
        [
            .. from source in sources
               from destination in addresses.Pods
               where source != destination
               from pair in addresses.Pairs(source, destination, families)
               select pair,
        ];
        IReadOnlyList<Reach> reaches = await ReachMatrix.ProbeAsync(lab, pairs, cancellationToken);
        if (invocation.AsJson)
        {
            invocation.WriteJson([.. reaches.Select(Report)], LabJson.Default.ListPingReport);
        }
        else
        {
            PingTable.Write(invocation.Output, sources, addresses.Pods, reaches);
        }

        string[] mute = [.. addresses.Pods.Where(pod => !addresses.HasAny(pod))];
        foreach (string pod in mute)
        {
            await invocation.Error.WriteLineAsync($"weft: pod {pod} has no address ('weft lab status' says why)");
        }

        return mute.Length == 0 && reaches.All(reach => reach.Result.IsReply) ? ExitCode.Success : ExitCode.Failure;
    }

    private static PingReport Report(Reach reach) => new(
        reach.Pair.Source, reach.Pair.Destination, reach.Pair.Address.ToString(), reach.Result.IsReply,
        reach.Result.IsReply ? reach.Result.TimeToLive : null,
        reach.Result.IsReply ? reach.Result.RoundTrip.TotalMilliseconds : null,
        reach.Result.Error);
}
