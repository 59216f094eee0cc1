using System.Collections.Immutable;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Yaml;

namespace Weft.Model.Services.Manifests;

/// <summary>Reads one `v1` Service.</summary>
internal sealed class ServiceManifestReader(FieldReader document, List<DocumentError> warnings)
{
    private const string AlgorithmAnnotation = "weft.io/algorithm";
    private const string ForwardingAnnotation = "weft.io/forwarding-mode";
    private const string NoAddress = "None";
    private const int MostPorts = 1000;

    /// <returns>Null where it cannot be used; errors or warnings say why.</returns>
    public ServiceRecord? Read()
    {
        FieldReader? metadata = Required("metadata");
        FieldReader? spec = Required("spec");
        ResourceName? name = metadata?.ReadName();
        if (spec is null || metadata is null)
        {
            return null;
        }

        ServiceType type = spec.Choice(
            "type", ("ClusterIP", ServiceType.ClusterIP), ("NodePort", ServiceType.NodePort), ("LoadBalancer", ServiceType.LoadBalancer),
            ("ExternalName", ServiceType.ExternalName)) ?? ServiceType.ClusterIP;
        if (type == ServiceType.ExternalName)
        {
            warnings.Add(new DocumentError(document.Line, $"service {name} is an ExternalName, a matter of DNS alone: ignored"));
            return null;
        }

        (ImmutableArray<IPAddress> clusterIPs, bool isHeadless) = ReadClusterIPs(spec, type);
        ImmutableArray<ServicePort> ports = ReadPorts(spec, type, isHeadless, name);
        FieldReader? annotations = metadata.Fields("annotations");
        return name is null ? null : new ServiceRecord
        {
            Name = name,
            Type = type,
            IsHeadless = isHeadless,
            ClusterIPs = clusterIPs,
            Ports = ports,
            ExternalIPs = spec.ReadAddresses("externalIPs"),
            LoadBalancerIPs = ReadIngress(),
            SourceRanges = ReadSourceRanges(spec),
            AffinitySeconds = ReadAffinity(spec),
            InternalTrafficPolicy = ReadPolicy(spec, "internalTrafficPolicy"),
            ExternalTrafficPolicy = ReadPolicy(spec, "externalTrafficPolicy"),
            PublishNotReadyAddresses = spec.Flag("publishNotReadyAddresses") ?? false,
            Labels = metadata.ReadLabels("labels"),
            Selector = spec.ReadLabels("selector"),
            Algorithm = annotations?.Choice(
                AlgorithmAnnotation, ("random", BackendAlgorithm.Random), ("maglev", BackendAlgorithm.Maglev)) ?? default,
            ForwardingMode = annotations?.Choice(
                ForwardingAnnotation, ("snat", ForwardingMode.Snat), ("dsr", ForwardingMode.Dsr)) ?? default,
        };
    }

    private FieldReader? Required(string field)
    {
        FieldReader? fields = document.Fields(field);
        if (fields is null)
        {
            document.Report(document.Line, $"'{document.PathOf(field)}' is missing");
        }

        return fields is { IsBroken: false } ? fields : null;
    }

    private static (ImmutableArray<IPAddress> Addresses, bool IsHeadless) ReadClusterIPs(FieldReader spec, ServiceType type)
    {
        string? first = spec.Text("clusterIP", required: false);
        List<YamlText> all = [.. spec.Texts("clusterIPs")];
        if (all.Count == 0 && first is not null)
        {
            all.Add(new YamlText(spec.LineOf("clusterIP"), first));
        }

        if (first is not null && all[0].Text != first)
        {
            spec.Report(spec.LineOf("clusterIP"), $"'{spec.PathOf("clusterIP")}' is not the first of 'clusterIPs'");
        }

        if (all is [{ Text: NoAddress }])
        {
            if (type != ServiceType.ClusterIP)
            {
                spec.Report(all[0].Line, $"'{spec.PathOf("clusterIP")}' is None, which a {type} cannot have");
            }

            return ([], true);
        }

        if (all.Count == 0 && type == ServiceType.ClusterIP)
        {
            spec.Report(spec.Line, $"'{spec.PathOf("clusterIP")}' is missing (none is allocated here: write an address, or None for a headless service)");
        }

        ImmutableArray<IPAddress> addresses =
            [.. all.Select(text => spec.ReadAddress("clusterIP", text)).OfType<IPAddress>()];
        if (addresses.DistinctBy(address => address.AddressFamily).Count() < addresses.Length)
        {
            spec.Report(spec.LineOf("clusterIPs"), $"'{spec.PathOf("clusterIPs")}' has two addresses of one family");
        }

        return (addresses, false);
    }

    private ImmutableArray<ServicePort> ReadPorts(FieldReader spec, ServiceType type, bool isHeadless, ResourceName? name)
    {
        ImmutableArray<ServicePort>.Builder ports = ImmutableArray.CreateBuilder<ServicePort>();
        if (spec.Value("ports") is YamlList { Items.Count: > MostPorts and int count })
        {
            spec.Report(spec.LineOf("ports"), $"'{spec.PathOf("ports")}' has {count} entries (at most {MostPorts})");
            return [];
        }

        List<FieldReader> all = [.. spec.Maps("ports", required: !isHeadless)];
        foreach (FieldReader fields in all.Where(fields => !fields.IsBroken))
        {
            if (ReadPort(fields, type, name) is not { } port)
            {
                continue;
            }

            if (all.Count > 1 && port.Name.Length == 0)
            {
                fields.Report(fields.Line, $"'{fields.PathOf("name")}' is missing, which only a single port may do without");
            }

            foreach (ServicePort other in ports)
            {
                CheckTwice(fields, port, other);
            }

            ports.Add(port);
        }

        return ports.ToImmutable();
    }

    private static void CheckTwice(FieldReader fields, ServicePort port, ServicePort other)
    {
        if (port.Name.Length > 0 && port.Name == other.Name)
        {
            fields.Report(fields.LineOf("name"), $"'{fields.PathOf("name")}': a port is called '{port.Name}' already");
        }

        if (port.Protocol == other.Protocol && port.Port == other.Port)
        {
            fields.Report(fields.LineOf("port"), $"'{fields.PathOf("port")}': {port.Port}/{port.Protocol} is there already");
        }

        if (port.Protocol == other.Protocol && port.NodePort is not null && port.NodePort == other.NodePort)
        {
            fields.Report(fields.LineOf("nodePort"), $"'{fields.PathOf("nodePort")}': {port.NodePort}/{port.Protocol} is there already");
        }
    }

    private ServicePort? ReadPort(FieldReader fields, ServiceType type, ResourceName? service)
    {
        string name = fields.ReadPortName();
        string? protocol = fields.ReadProtocol();
        int? port = fields.Number("port", 1, ushort.MaxValue, required: true);
        string? target = ReadTargetPort(fields);
        int? nodePort = fields.Number("nodePort", NodePortRange.First, NodePortRange.Last, required: type == ServiceType.NodePort);
        if (nodePort is not null && type == ServiceType.ClusterIP)
        {
            fields.Report(fields.LineOf("nodePort"), $"'{fields.PathOf("nodePort")}' is for services of type NodePort and LoadBalancer");
        }

        if (protocol == TransportProtocols.Sctp)
        {
            warnings.Add(new DocumentError(
                fields.Line, $"service {service}, port {port}: unknown protocol SCTP, the port is not served (only TCP and UDP are balanced)"));
        }

        return protocol is null || port is null ? null : new ServicePort
        {
            Name = name,
            Protocol = protocol,
            Port = (ushort)port,
            TargetPort = target,
            NodePort = (ushort?)nodePort,
        };
    }

    private static string? ReadTargetPort(FieldReader fields)
    {
        if (fields.Text("targetPort", required: false) is not { } text)
        {
            return null;
        }

        bool isNumber = text.All(char.IsAsciiDigit);
        return isNumber ? fields.Number("targetPort", 1, ushort.MaxValue) is null ? null : text
            : text.Length <= 15 ? text
            : Fault();

        string? Fault()
        {
            fields.Report(fields.LineOf("targetPort"), $"'{fields.PathOf("targetPort")}' is '{FieldReader.Shown(text)}' (a number, or a name of at most 15 characters)");
            return null;
        }
    }

    private ImmutableArray<IPAddress> ReadIngress()
    {
        ImmutableArray<IPAddress>.Builder addresses = ImmutableArray.CreateBuilder<IPAddress>();
        FieldReader? balancer = document.Fields("status")?.Fields("loadBalancer");
        foreach (FieldReader ingress in balancer?.Maps("ingress") ?? [])
        {
            // With ipMode Proxy the balancer sends to node ports; packets to its address never get here.
            if (ingress.Text("ip", required: false) is { } text && ingress.Text("ipMode", required: false) is null or "VIP"
                && ingress.ReadAddress("ip", new YamlText(ingress.LineOf("ip"), text)) is { } address && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return addresses.ToImmutable();
    }

    private static ImmutableArray<IPNetwork> ReadSourceRanges(FieldReader spec)
    {
        ImmutableArray<IPNetwork>.Builder ranges = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (YamlText text in spec.Texts("loadBalancerSourceRanges"))
        {
            if (!AddressText.TryParse(text.Text.AsSpan().Trim(), out IPNetwork range))
            {
                spec.Report(
                    text.Line,
                    $"'{spec.PathOf("loadBalancerSourceRanges")}': '{FieldReader.Shown(text.Text)}' is no network "
                        + "(address and length without host bits, as in 10.0.1.0/24)");
            }
            else if (!ranges.Contains(range))
            {
                ranges.Add(range);
            }
        }

        return ranges.ToImmutable();
    }

    private static int? ReadAffinity(FieldReader spec)
    {
        int? seconds = spec.Fields("sessionAffinityConfig")?.Fields("clientIP")?.Number("timeoutSeconds", 1, ServiceRecord.MaxAffinitySeconds);
        return spec.Choice("sessionAffinity", ("None", false), ("ClientIP", true)) == true
            ? seconds ?? ServiceRecord.DefaultAffinitySeconds
            : null;
    }

    private static TrafficPolicy ReadPolicy(FieldReader spec, string field) =>
        spec.Choice(field, ("Cluster", TrafficPolicy.Cluster), ("Local", TrafficPolicy.Local)) ?? TrafficPolicy.Cluster;
}
