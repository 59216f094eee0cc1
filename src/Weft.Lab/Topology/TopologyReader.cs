using System.Net;
using Weft.Model.Yaml;

namespace Weft.Lab.Topology;

/// <summary>Reads a topology file: all that is wrong with it is found in one go.</summary>
public sealed partial class TopologyReader
{
    private const int LeastMtu = 1280;
    private const int MostMtu = 65000;
    private const int MostNodes = 64;
    private const int MostPods = 5000;
    private const int MostOutside = 16;

    private static readonly YamlLimits s_limits = new(LongestText: 1 << 20, Deepest: 8);
    private static readonly string[] s_rootFields = ["underlay", "underlay6", "mtu", "store", "nodes", "pods", "outside"];
    private static readonly string[] s_nodeFields = ["name", "address", "address6", "podCIDR", "podCIDR6", "runtime"];
    private static readonly string[] s_podFields = ["name", "node", "address", "address6", "namespace", "labels", "ports"];
    private static readonly string[] s_outsideFields = ["name", "address", "address6"];

    private readonly List<DocumentError> _errors = [];
    private readonly List<(NodeSpec Node, FieldReader Fields)> _nodes = [];
    private readonly List<(PodSpec Pod, FieldReader Fields)> _pods = [];
    private readonly List<OutsideSpec> _outside = [];
    private readonly List<ClaimedRange> _ranges = [];
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    private TopologyReader()
    {
    }

    public static LabTopology Default { get; } = Parse(LabTopology.DefaultText, "default");

    /// <summary>Text of a file that may be a topology: not one that is far too long.</summary>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken = default)
    {
        if (new FileInfo(path) is { Exists: true } file && file.Length > s_limits.LongestText)
        {
            throw new TopologyException(path, [new DocumentError(1, $"{file.Length} bytes (at most {s_limits.LongestText})")]);
        }

        return await File.ReadAllTextAsync(path, cancellationToken);
    }

    /// <param name="source">Name of the text in messages.</param>
    /// <exception cref="TopologyException">With every error found.</exception>
    public static LabTopology Parse(string text, string source)
    {
        YamlValue document = ReadDocument(text, source);
        TopologyReader reader = new();
        LabTopology topology = reader.ReadRoot(document);
        return reader._errors.Count == 0 ? topology : throw new TopologyException(source, reader._errors);
    }

    private static YamlValue ReadDocument(string text, string source)
    {
        try
        {
            return YamlValueReader.Read(text, s_limits);
        }
        catch (YamlSyntaxException exception)
        {
            throw new TopologyException(source, [exception.Error]);
        }
    }

    private LabTopology ReadRoot(YamlValue document)
    {
        FieldReader root = new(document, "the topology", s_rootFields, _errors);
        IPNetwork? underlay = root.IsBroken ? null : root.Network("underlay");
        IPNetwork? underlay6 = root.Network6("underlay6");
        int mtu = root.Number("mtu", LeastMtu, MostMtu) ?? LabTopology.DefaultMtu;
        Claim(underlay, "the underlay", root.LineOf("underlay"));
        Claim(underlay6, "the underlay", root.LineOf("underlay6"));
        foreach ((int index, YamlValue node) in Items(root, "nodes", 1, MostNodes).Index())
        {
            ReadNode(node, index + 1, root, underlay, underlay6);
        }

        foreach ((int index, YamlValue pod) in Items(root, "pods", 0, MostPods).Index())
        {
            ReadPod(pod, index + 1);
        }

        foreach ((int index, YamlValue host) in Items(root, "outside", 0, MostOutside).Index())
        {
            ReadOutside(host, index + 1, root);
        }

        CheckAddressesOnce(_nodes.Select(entry => (entry.Node.Name, entry.Fields, (IPAddress?)entry.Node.Address, entry.Node.Address6)), "node");
        CheckAddressesOnce(_pods.Select(entry => (entry.Pod.Name, entry.Fields, entry.Pod.Address, entry.Pod.Address6)), "pod");
        LabTopology topology = new(
            underlay ?? default, underlay6, mtu, [.. _nodes.Select(entry => entry.Node)], [.. _pods.Select(entry => entry.Pod)], [.. _outside],
            root.Choice("store", ("sqlite", LabStoreKind.Sqlite), ("etcd", LabStoreKind.Etcd)) ?? LabStoreKind.Sqlite);
        CheckRouter(root, topology);
        return topology;
    }

    private IEnumerable<YamlValue> Items(FieldReader root, string field, int least, int most)
    {
        IReadOnlyList<YamlValue> items = root.List(field, required: least > 0);
        if (items.Count > most || (items.Count < least && root.Value(field) is YamlList))
        {
            Report(root.LineOf(field), $"{items.Count} {field} (from {least} to {most})");
        }

        return items.Take(most);
    }

    private void ReadNode(YamlValue value, int number, FieldReader root, IPNetwork? underlay, IPNetwork? underlay6)
    {
        FieldReader fields = new(value, $"node {number}", s_nodeFields, _errors);
        string? name = ReadName(fields, LabNames.CheckNode);
        IPAddress? address = fields.Address("address");
        IPAddress? address6 = fields.Address6("address6");
        IPNetwork? podCidr = fields.Network("podCIDR");
        IPNetwork? podCidr6 = fields.PodCidr6("podCIDR6");
        RuntimeKind runtime = ReadRuntime(fields, number);
        CheckOnUnderlay(fields, "address", number, address, underlay);
        CheckOnUnderlay(fields, "address6", number, address6, underlay6);
        if (address6 is not null && root.Value("underlay6") is null)
        {
            Report(fields.LineOf("address6"), $"node {number} has an 'address6', but the topology has no 'underlay6' that it could be in");
        }

        if ((fields.Value("address6") is null) != (fields.Value("podCIDR6") is null))
        {
            Report(fields.Line, $"node {number} has one of 'address6' and 'podCIDR6' only: give both, or neither");
        }

        if (name is not null)
        {
            _nodeNames.Add(name);
        }

        if (name is not null && address is not null && podCidr is { } cidr)
        {
            Claim(cidr, $"pod CIDR of node {name}", fields.LineOf("podCIDR"));
            Claim(podCidr6, $"pod CIDR of node {name}", fields.LineOf("podCIDR6"));
            _nodes.Add((new NodeSpec(name, address, address6, cidr, podCidr6, runtime), fields));
        }
    }

    private RuntimeKind ReadRuntime(FieldReader fields, int number)
    {
        string? name = fields.Text("runtime", required: false);
        RuntimeKind? kind = name switch
        {
            null => RuntimeKind.None,
            "containerd" => RuntimeKind.Containerd,
            "podman" => RuntimeKind.Podman,
            _ => null,
        };
        if (kind is null)
        {
            Report(fields.LineOf("runtime"), $"runtime '{FieldReader.Shown(name!)}' of node {number} is neither containerd nor podman");
        }

        return kind ?? RuntimeKind.None;
    }

    private void CheckOnUnderlay(FieldReader fields, string field, int number, IPAddress? address, IPNetwork? underlay)
    {
        if (address is not null && underlay is { } network && !NetworkRange.IsUsable(network, address))
        {
            Report(fields.LineOf(field), $"address {address} of node {number} is no host address of the underlay {network}");
        }
    }

    private void ReadOutside(YamlValue value, int number, FieldReader root)
    {
        FieldReader fields = new(value, $"outside host {number}", s_outsideFields, _errors);
        string? name = ReadName(fields, LabNames.CheckNode);
        HostAddress? address = fields.HostAddress("address");
        HostAddress? address6 = fields.HostAddress6("address6");
        if (address6 is not null && root.Value("underlay6") is null)
        {
            Report(fields.LineOf("address6"), $"outside host {number} has an 'address6', but the topology has no 'underlay6' that it could reach");
        }

        if (name is not null && address is not null)
        {
            Claim(address.Network, $"network of outside host {name}", fields.LineOf("address"));
            Claim(address6?.Network, $"network of outside host {name}", fields.LineOf("address6"));
            _outside.Add(new OutsideSpec(name, address, address6));
        }
    }

    /// <summary>Remembers a range, and reports those before it that it overlaps.</summary>
    private void Claim(IPNetwork? range, string owner, int line)
    {
        if (range is not { } network)
        {
            return;
        }

        foreach (ClaimedRange earlier in _ranges.Where(earlier => NetworkRange.Overlap(earlier.Network, network)))
        {
            Report(line, $"{network}, {owner}, overlaps {earlier.Network}, {earlier.Owner} (line {earlier.Line})");
        }

        _ranges.Add(new ClaimedRange(network, owner, line));
    }

    /// <summary>The router takes the first address that is left, so one must be.</summary>
    private void CheckRouter(FieldReader root, LabTopology topology)
    {
        if (_errors.Count == 0 && topology.Router is null)
        {
            Report(root.LineOf("underlay"), $"the nodes take every address of the underlay {topology.Underlay}: none is left for its router");
        }
    }

    private void CheckAddressesOnce(IEnumerable<(string Name, FieldReader Fields, IPAddress? Address, IPAddress? Address6)> members, string kind)
    {
        Dictionary<IPAddress, (string Name, int Line)> taken = [];
        foreach ((string name, FieldReader fields, IPAddress? address, IPAddress? address6) in members)
        {
            foreach ((string field, IPAddress? one) in new[] { ("address", address), ("address6", address6) })
            {
                if (one is not null && !taken.TryAdd(one, (name, fields.LineOf(field))))
                {
                    Report(fields.LineOf(field), $"address {one} of {kind} {name} is that of {kind} {taken[one].Name} (line {taken[one].Line})");
                }
            }
        }
    }

    private string? ReadName(FieldReader fields, Func<string, string?> check)
    {
        if (fields.Text("name") is not { } name)
        {
            return null;
        }

        if (check(name) is { } fault)
        {
            Report(fields.LineOf("name"), fault);
            return null;
        }

        if (_names.TryAdd(name, fields.LineOf("name")))
        {
            return name;
        }

        Report(fields.LineOf("name"), $"the name '{name}' is used twice (first on line {_names[name]}; all members of a lab share one set of names)");
        return null;
    }

    private void Report(int line, string message) => _errors.Add(new DocumentError(line, message));

    /// <param name="Owner">As a message calls it.</param>
    private readonly record struct ClaimedRange(IPNetwork Network, string Owner, int Line);
}
