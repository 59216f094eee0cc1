using System.Net;
using Weft.Model.Endpoints;
using Weft.Model.Labels;
using Weft.Model.Yaml;

namespace Weft.Lab.Topology;

/// <summary>Pods and their labels.</summary>
public sealed partial class TopologyReader
{
    private void ReadPod(YamlValue value, int number)
    {
        FieldReader fields = new(value, $"pod {number}", s_podFields, _errors);
        string? name = ReadName(fields, LabNames.CheckPod);
        string? nodeName = fields.Text("node");
        IPAddress? address = fields.Address("address", required: false);
        IPAddress? address6 = fields.Address6("address6");
        string podNamespace = fields.Text("namespace", required: false) ?? "default";
        if (LabNames.CheckPod(podNamespace) is { } fault)
        {
            Report(fields.LineOf("namespace"), $"namespace of pod {number}: {fault}");
            return;
        }

        LabelSet? labels = ReadLabels(fields, number, podNamespace);
        if (!NamedPorts.TryParse(fields.Text("ports", required: false), out NamedPorts? ports, out string? portsFault))
        {
            Report(fields.LineOf("ports"), $"ports of pod {number}: {portsFault}");
            return;
        }

        NodeSpec? node = _nodes.FirstOrDefault(entry => entry.Node.Name == nodeName).Node;
        if (nodeName is not null && !_nodeNames.Contains(nodeName))
        {
            Report(fields.LineOf("node"), $"pod {number} is on node '{FieldReader.Shown(nodeName)}', which is not among the nodes");
        }

        if (node is not null)
        {
            CheckInPodCidr(fields, "address", number, address, node, node.PodCidr);
            CheckInPodCidr(fields, "address6", number, address6, node, node.PodCidr6);
        }

        if (name is not null && nodeName is not null && labels is not null)
        {
            _pods.Add((new PodSpec(name, nodeName, address, address6, podNamespace, labels, ports.All.IsEmpty ? null : ports), fields));
        }
    }

    private void CheckInPodCidr(FieldReader fields, string field, int number, IPAddress? address, NodeSpec node, IPNetwork? podCidr)
    {
        if (address is null)
        {
            return;
        }

        if (podCidr is not { } network)
        {
            Report(fields.LineOf(field), $"pod {number} has an '{field}', but node {node.Name} has no 'podCIDR6' that it could be in");
        }
        else if (!NetworkRange.IsUsable(network, address))
        {
            Report(fields.LineOf(field), $"address {address} of pod {number} is no host address of {network}, the pod CIDR of node {node.Name}");
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
}
