using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Weft.Control.Operating;
using Weft.Model.Nodes;
using Weft.Store;

namespace Weft.Operator;

/// <summary>The options of <c>weft-operator</c>, their checks and their help.</summary>
internal static class OperatorCommandLine
{
    public static RootCommand Build(Func<OperatorOptions, CancellationToken, Task<int>> run)
    {
        Option<string> store = new("--store")
        {
            Description = "Where the nodes of the cluster meet, as for weft-agent: etcd://HOST:PORT[,HOST:PORT…][/PREFIX], etcds://…, sqlite:///FILE",
            HelpName = "URI",
            Required = true,
        };
        Option<string> cluster = Text("--cluster-name", "Name of the cluster in the store", "NAME", "default");
        Option<string> pool = Text(
            "--cluster-pool", "What nodes without a --pod-cidr get theirs from", "PREFIX[,PREFIX]", OperatorSettings.DefaultPools);
        Option<int> mask = new("--cluster-pool-mask")
        {
            Description = "Prefix length of a node's IPv4 part of the pool; an IPv6 part is a /64",
            HelpName = "LENGTH",
            DefaultValueFactory = _ => OperatorSettings.DefaultMask,
        };
        Option<int> every = Seconds("--identity-gc-interval", "From one look for unused identities to the next", 300);
        Option<int> grace = Seconds(
            "--identity-gc-grace", "How long an identity stays that no node uses; longer than a node is likely to be cut off from the store", 1800);
        Option<int> lease = Seconds("--lease", "How soon another operator takes over from one that died", 15);
        RootCommand root = new("What is done once for a whole cluster, by one of all that take part: pod CIDRs for nodes, removal of unused identities.")
        {
            store, cluster, pool, mask, every, grace, lease,
        };
        root.SetAction((parsed, cancellationToken) =>
        {
            List<string> errors = [];
            if (!StoreLocation.TryParse(parsed.GetRequiredValue(store), out StoreLocation? location, out string? error))
            {
                errors.Add($"--store: {error}");
            }

            if (!ClusterName.TryParse(parsed.GetRequiredValue(cluster), out ClusterName? name, out error))
            {
                errors.Add($"--cluster-name: {error}");
            }

            if (!PodCidrPool.TryParseAll(
                parsed.GetRequiredValue(pool), parsed.GetRequiredValue(mask), out ImmutableArray<PodCidrPool> pools, out error))
            {
                errors.Add($"--cluster-pool: {error}");
            }

            if (errors.Count > 0)
            {
                Console.Error.WriteLine($"weft-operator: read the options: {string.Join("; ", errors)}");
                return Task.FromResult(2);
            }

            TimeSpan Of(Option<int> option) => TimeSpan.FromSeconds(parsed.GetRequiredValue(option));
            return run(
                new OperatorOptions(location!, new OperatorSettings
                {
                    Cluster = name!,
                    Name = string.Create(
                        CultureInfo.InvariantCulture, $"weft-operator on {Environment.MachineName}, process {Environment.ProcessId}"),
                    Pools = pools,
                    CollectEvery = Of(every),
                    UnusedFor = Of(grace),
                    LeaseTimeToLive = Of(lease),
                }),
                cancellationToken);
        });
        return root;
    }

    private static Option<string> Text(string name, string description, string helpName, string preset) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => preset };

    private static Option<int> Seconds(string name, string description, int preset)
    {
        Option<int> option = new(name) { Description = description, HelpName = "SECONDS", DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 86400)
            {
                result.AddError($"{name} {result.GetValueOrDefault<int>()}: give seconds from 1 to 86400");
            }
        });
        return option;
    }
}
