using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace Weft.Agent.Options;

/// <summary>The options of <c>weft-agent</c> and of <c>weft-agent cleanup</c>, their checks and their help.</summary>
internal static class AgentCommandLine
{
    private const string Examples = """

        Examples:
          weft-agent --node-name bpf1 --node-ip 192.168.2.61 --device ens3 --pod-cidr 10.0.1.0/24
          weft-agent --node-name bpf2 --node-ip 192.168.2.62 --device ens3 --pod-cidr 10.0.0.0/24 --store sqlite:///run/weft/store.db
          weft-agent --node-name bpf1 --node-ip 192.168.2.61,fd00:c0a8:2::61 --device ens3 --pod-cidr 10.0.1.0/24,fd00:10:0:1::/64
          weft-agent --node-name bpf1 --node-ip 192.168.2.61 --device ens3 --store etcd://192.168.2.10:2379,192.168.2.11:2379
          weft-agent cleanup
        """;

    public static RootCommand Build(
        Func<AgentOptions, CancellationToken, Task<int>> run,
        Func<CleanupOptions, CancellationToken, Task<int>> cleanup)
    {
        Option<string> nodeName = Required("--node-name", "Name of this node, unique in the cluster", "NAME");
        nodeName.Validators.Add(CheckNodeName);
        Option<DualStack<IPAddress>?> nodeIp = new("--node-ip")
        {
            Description = "IPv4 address of this node on the underlay, and its IPv6 one if pods are to have IPv6; both configured on the "
                + "device",
            HelpName = "ADDRESS[,ADDRESS]",
            Required = true,
            CustomParser = DualStackParser.ParseAddresses,
        };
        Option<string> device = Required("--device", "Network device of the underlay, as in 'ens3'", "DEVICE");
        Option<DualStack<IPNetwork>?> podCidr = new("--pod-cidr")
        {
            Description = "Prefixes that this node's pods get their addresses from, no other node's: IPv4 (/8 to /29), and IPv6 (/64 to "
                + "/120) if the node has an IPv6 address [default: of the cluster's pool, as the operator says]",
            HelpName = "PREFIX[,PREFIX]",
            CustomParser = DualStackParser.ParsePodCidrs,
        };
        OperatorArguments operating = new();
        TrafficArguments traffic = new();
        PolicyArguments policy = new();
        Option<string> cluster = new("--cluster-name")
        {
            Description = "Name of the cluster in the store",
            HelpName = "NAME",
            DefaultValueFactory = _ => "default",
        };
        cluster.Validators.Add(CheckNodeName);
        Option<ushort> tunnelPort = new("--tunnel-port")
        {
            Description = "UDP port of the overlay, the same on all nodes",
            HelpName = "PORT",
            DefaultValueFactory = _ => 8472,
            CustomParser = ParsePort,
        };
        Option<bool> health = new("--health")
        {
            Description = "Have a health endpoint, and probe all nodes and theirs",
            HelpName = "true|false",
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => true,
            CustomParser = ParseSwitch,
        };
        Option<double?> healthInterval = new("--health-interval")
        {
            Description = "Time between two rounds of health probes; by itself it grows with the cluster (42 s with one node, 66 s with two)",
            HelpName = "SECONDS",
            CustomParser = ParseSeconds,
        };
        Option<string?> cgroup = new("--cgroup-root")
        {
            Description = "Cgroup whose sockets have services translated: pods and the node's processes; 'none' switches that off "
                + "[default: where cgroup2 is mounted]",
            HelpName = "PATH",
        };
        cgroup.Validators.Add(CheckCgroup);
        Option<string?> criSocket = new("--cri-socket")
        {
            Description = "Socket of the node's container runtime, as in '/run/containerd/containerd.sock', to take the labels of its pods "
                + "from; without it pods have their namespace for a label only",
            HelpName = "PATH",
        };
        criSocket.Validators.Add(CheckAbsolute);
        Option<bool> verbose = new("--verbose") { Description = "Log also what happens all the time, such as the sweeps of connection tracking" };
        Option<string> store = new("--store")
        {
            Description = "Where the nodes of the cluster meet: sqlite:///FILE on one machine; etcd://HOST:PORT[,HOST:PORT…][/PREFIX], or etcds:// "
                + "with TLS, on several; ?user-file=, cacert=, cert=, key= name files as of etcdctl",
            HelpName = "URI",
            DefaultValueFactory = _ => PathOptions.DefaultStore,
        };
        PathArguments paths = new();

        RootCommand root = new("One agent a node: addresses, identities and the eBPF datapath of its pods." + Examples)
        {
            nodeName, nodeIp, device, podCidr, store, operating.Operator, operating.Pool, operating.Mask, paths.Socket, paths.StateDirectory,
            paths.BpfRoot, cgroup, criSocket, tunnelPort, traffic.Masquerade, traffic.NativeCidrs, traffic.NodePorts,
            traffic.ServiceEncapsulation, policy.Enforcement, policy.Audit, policy.HostFirewall, cluster, health, healthInterval, verbose,
        };
        root.SetAction((parsed, cancellationToken) => run(
            new AgentOptions
            {
                NodeName = parsed.GetRequiredValue(nodeName),
                NodeIp = parsed.GetRequiredValue(nodeIp)!,
                Device = parsed.GetRequiredValue(device),
                PodCidr = parsed.GetValue(podCidr),
                Operator = parsed.GetRequiredValue(operating.Operator),
                ClusterPool = parsed.GetRequiredValue(operating.Pool),
                ClusterPoolMask = parsed.GetRequiredValue(operating.Mask),
                Store = parsed.GetRequiredValue(store),
                Paths = paths.Read(parsed),
                CgroupRoot = parsed.GetValue(cgroup),
                CriSocket = parsed.GetValue(criSocket),
                TunnelPort = parsed.GetRequiredValue(tunnelPort),
                ClusterName = parsed.GetRequiredValue(cluster),
                Health = parsed.GetRequiredValue(health),
                HealthInterval = parsed.GetValue(healthInterval) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Masquerade = parsed.GetRequiredValue(traffic.Masquerade)!,
                NativeCidrs = parsed.GetValue(traffic.NativeCidrs) ?? [],
                NodePorts = parsed.GetRequiredValue(traffic.NodePorts),
                ServiceEncapsulation = parsed.GetRequiredValue(traffic.ServiceEncapsulation),
                Policy = policy.Read(parsed),
                Verbose = parsed.GetValue(verbose),
            },
            cancellationToken));
        root.Subcommands.Add(BuildCleanup(cleanup));
        return root;
    }

    private static Command BuildCleanup(Func<CleanupOptions, CancellationToken, Task<int>> cleanup)
    {
        PathArguments paths = new();
        Command command = new(
            "cleanup",
            "Remove everything that the agent made on this node: pods' devices, weft_vxlan, weft_host with the routes, pinned links and maps, state, "
                + "entries in the store. Pods lose their network.")
        {
            paths.Socket, paths.StateDirectory, paths.BpfRoot,
        };
        command.SetAction((parsed, cancellationToken) => cleanup(new CleanupOptions(paths.Read(parsed)), cancellationToken));
        return command;
    }

    private static Option<string> Required(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, Required = true };

    private static void CheckNodeName(OptionResult result)
    {
        string? name = result.GetValueOrDefault<string>();
        if (name is null || name.Length is 0 or > 253 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
        {
            result.AddError($"{result.Option.Name} '{name}': letters, digits, '-', '.' and '_' only, at most 253");
        }
    }

    private static void CheckCgroup(OptionResult result)
    {
        string? path = result.GetValueOrDefault<string>();
        if (path != AgentOptions.NoCgroup && !Path.IsPathFullyQualified(path ?? ""))
        {
            result.AddError($"--cgroup-root '{path}': give the absolute path of a cgroup, or {AgentOptions.NoCgroup}");
        }
    }

    private static void CheckAbsolute(OptionResult result)
    {
        string? path = result.GetValueOrDefault<string>();
        if (!Path.IsPathFullyQualified(path ?? ""))
        {
            result.AddError($"{result.Option.Name} '{path}': give an absolute path");
        }
    }

    private static ushort ParsePort(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            result.AddError($"--tunnel-port '{text}': a port is a number from 1 to 65535");
        }

        return port;
    }

    private static bool ParseSwitch(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!bool.TryParse(text, out bool on))
        {
            result.AddError($"--health '{text}': give true or false");
        }

        return on;
    }

    private static double? ParseSeconds(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds is >= 0.1 and <= 86400)
        {
            return seconds;
        }

        result.AddError($"--health-interval '{text}': give seconds from 0.1 to 86400");
        return null;
    }

    /// <summary>The three path options that every command of the agent has.</summary>
    private sealed class PathArguments
    {
        public Option<string> Socket { get; } = AbsolutePath("--socket", "The agent's API, a unix socket", PathOptions.DefaultSocket);

        public Option<string> StateDirectory { get; } = AbsolutePath(
            "--state-dir", "What the agent must know after a restart", PathOptions.DefaultStateDirectory);

        public Option<string> BpfRoot { get; } = AbsolutePath(
            "--bpf-root", "Directory in a bpf file system for pinned maps and links", PathOptions.DefaultBpfRoot);

        public PathOptions Read(ParseResult parsed) =>
            new(parsed.GetRequiredValue(Socket), parsed.GetRequiredValue(StateDirectory), parsed.GetRequiredValue(BpfRoot));

        private static Option<string> AbsolutePath(string name, string description, string preset)
        {
            Option<string> option = new(name) { Description = description, HelpName = "PATH", DefaultValueFactory = _ => preset };
            option.Validators.Add(CheckAbsolute);
            return option;
        }
    }
}
