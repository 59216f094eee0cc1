using System.Buffers.Binary;
using System.Net;
using Weft.Model.Labels;
using Weft.Model.Yaml;

namespace Weft.Lab.Topology;

/// <summary>Reads a topology file: all that is wrong with it is found in one go.</summary>
public sealed class TopologyReader
{
    private const int LeastMtu = 1280;
    private const int MostMtu = 65000;
    private const int MostNodes = 64;
    private const int MostPods = 5000;

    private static readonly YamlLimits s_limits = new(LongestText: 1 << 20, Deepest: 8);
    private static readonly string[] s_rootFields = ["underlay", "mtu", "nodes", "pods"];
    private static readonly string[] s_nodeFields = ["name", "address", "podCIDR"];
    private static readonly string[] s_podFields = ["name", "node", "address", "namespace", "labels"];

    private readonly List<DocumentError> _errors = [];
    private readonly List<(NodeSpec Node, FieldReader Fields)> _nodes = [];
    private readonly List<(PodSpec Pod, FieldReader Fields)> _pods = [];
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
        int mtu = root.Number("mtu", LeastMtu, MostMtu) ?? LabTopology.DefaultMtu;
        IReadOnlyList<YamlValue> nodes = root.List("nodes", required: true);
        IReadOnlyList<YamlValue> pods = root.List("pods", required: false);
        CheckCount(root, "nodes", nodes.Count, root.Value("nodes") is YamlList ? 1 : 0, MostNodes);
        CheckCount(root, "pods", pods.Count, 0, MostPods);
        foreach ((int index, YamlValue node) in nodes.Take(MostNodes).Index())
        {
            ReadNode(node, index + 1, underlay);
        }

        CheckNodesAgainstEachOther(root, underlay);
        foreach ((int index, YamlValue pod) in pods.Take(MostPods).Index())
        {
            ReadPod(pod, index + 1);
        }

        CheckPodAddresses();
        return new LabTopology(
            underlay ?? default, mtu, [.. _nodes.Select(entry => entry.Node)], [.. _pods.Select(entry => entry.Pod)]);
    }

    private void CheckCount(FieldReader root, string field, int count, int least, int most)
    {
        if (count < least || count > most)
        {
            Report(root.LineOf(field), $"{count} {field} (from {least} to {most})");
        }
    }

    private void ReadNode(YamlValue value, int number, IPNetwork? underlay)
    {
        FieldReader fields = new(value, $"node {number}", s_nodeFields, _errors);
        string? name = ReadName(fields, LabNames.CheckNode);
        IPAddress? address = fields.Address("address");
        IPNetwork? podCidr = fields.Network("podCIDR");
        if (address is not null && underlay is { } network && !Usable(network, address))
        {
            Report(fields.LineOf("address"), $"address {address} of node {number} is no host address of the underlay {network}");
        }

        if (name is not null && address is not null && podCidr is { } cidr)
        {
            _nodes.Add((new NodeSpec(name, address, cidr), fields));
        }
    }

    private void CheckNodesAgainstEachOther(FieldReader root, IPNetwork? underlay)
    {
        foreach ((int index, (NodeSpec node, FieldReader fields)) in _nodes.Index())
        {
            if (underlay is { } network && Overlap(network, node.PodCidr))
            {
                Report(fields.LineOf("podCIDR"), $"pod CIDR {node.PodCidr} of node {node.Name} overlaps the underlay {network} (line {root.LineOf("underlay")})");
            }

            foreach ((NodeSpec earlier, FieldReader earlierFields) in _nodes.Take(index))
            {
                if (earlier.Address.Equals(node.Address))
                {
                    Report(fields.LineOf("address"), $"address {node.Address} of node {node.Name} is that of node {earlier.Name} (line {earlierFields.LineOf("address")})");
                }

                if (Overlap(earlier.PodCidr, node.PodCidr))
                {
                    Report(fields.LineOf("podCIDR"), $"pod CIDR {node.PodCidr} of node {node.Name} overlaps {earlier.PodCidr} of node {earlier.Name} (line {earlierFields.LineOf("podCIDR")})");
                }
            }
        }
    }

    private void ReadPod(YamlValue value, int number)
    {
        FieldReader fields = new(value, $"pod {number}", s_podFields, _errors);
        string? name = ReadName(fields, LabNames.CheckPod);
        string? nodeName = fields.Text("node");
        IPAddress? address = fields.Address("address", required: false);
        string podNamespace = fields.Text("namespace", required: false) ?? "default";
        if (LabNames.CheckPod(podNamespace) is { } fault)
        {
            Report(fields.LineOf("namespace"), $"namespace of pod {number}: {fault}");
            return;
        }

        LabelSet? labels = ReadLabels(fields, number, podNamespace);
        NodeSpec? node = _nodes.FirstOrDefault(entry => entry.Node.Name == nodeName).Node;
        if (nodeName is not null && node is null && !_names.ContainsKey(nodeName))
        {
            Report(fields.LineOf("node"), $"pod {number} is on node '{FieldReader.Shown(nodeName)}', which is not among the nodes");
        }

        if (node is not null && address is not null && !Usable(node.PodCidr, address))
        {
            Report(fields.LineOf("address"), $"address {address} of pod {number} is no host address of {node.PodCidr}, the pod CIDR of node {node.Name}");
        }

        if (name is not null && nodeName is not null && labels is not null)
        {
            _pods.Add((new PodSpec(name, nodeName, address, podNamespace, labels), fields));
        }
    }

    private LabelSet? ReadLabels(FieldReader fields, int number, string podNamespace)
    {
        List<Label> labels = [Label.Create(Label.KubernetesSource, PodSpec.NamespaceLabel, podNamespace)];
        YamlValue? value = fields.Value("labels");
        if (value is not (null or YamlMap or YamlText { Text.Length: 0 }))
        {
            Report(value.Line, $"'labels' of pod {number} is {value.Kind}: write a map, as in {{ app: web }}");
            return null;
        }

        int errorsBefore = _errors.Count;
        foreach ((YamlText key, YamlValue entry) in (value as YamlMap)?.Entries ?? [])
        {
            string? fault = entry is not YamlText text ? $"its value is {entry.Kind}"
                : TryCreate(key.Text, text.Text, labels, out string? reason) ? null : reason;
            if (fault is not null)
            {
                Report(key.Line, $"label '{FieldReader.Shown(key.Text)}' of pod {number}: {fault}");
            }
        }

        return _errors.Count == errorsBefore ? LabelSet.Create(labels) : null;
    }

    private static bool TryCreate(string key, string value, List<Label> labels, out string? fault)
    {
        if (labels.Any(label => label.Key == key))
        {
            fault = key == PodSpec.NamespaceLabel ? "it is set by 'namespace'" : "it is given twice";
            return false;
        }

        if (!Label.TryParse($"{Label.KubernetesSource}:{key}={value}", out Label? label, out fault))
        {
            return false;
        }

        labels.Add(label);
        return true;
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

        Report(fields.LineOf("name"), $"the name '{name}' is used twice (first on line {_names[name]}; nodes and pods share one set of names)");
        return null;
    }

    private void CheckPodAddresses()
    {
        Dictionary<IPAddress, (PodSpec Pod, int Line)> taken = [];
        foreach ((PodSpec pod, FieldReader fields) in _pods)
        {
            if (pod.Address is { } address && !taken.TryAdd(address, (pod, fields.LineOf("address"))))
            {
                Report(fields.LineOf("address"), $"address {address} of pod {pod.Name} is that of pod {taken[address].Pod.Name} (line {taken[address].Line})");
            }
        }
    }

    /// <summary>Whether the address is inside and neither the network's own nor its broadcast address.</summary>
    private static bool Usable(IPNetwork network, IPAddress address)
    {
        if (!network.Contains(address))
        {
            return false;
        }

        uint host = BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) & (uint.MaxValue >> network.PrefixLength);
        return host != 0 && host != uint.MaxValue >> network.PrefixLength;
    }

    private static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    private void Report(int line, string message) => _errors.Add(new DocumentError(line, message));
}
