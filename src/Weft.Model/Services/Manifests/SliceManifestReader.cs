using System.Collections.Immutable;
using System.Net;
using Weft.Model.Nodes;
using Weft.Model.Yaml;

namespace Weft.Model.Services.Manifests;

/// <summary>Reads one `discovery.k8s.io/v1` EndpointSlice.</summary>
internal sealed class SliceManifestReader(FieldReader document, List<DocumentError> warnings)
{
    private const string NameOnly = "FQDN";

    /// <summary>As in Kubernetes; a slice must fit into one value of the store.</summary>
    private const int MostEndpoints = 1000;

    /// <returns>Null where it cannot be used; errors or warnings say why.</returns>
    public EndpointSliceRecord? Read()
    {
        FieldReader? metadata = document.Fields("metadata");
        if (metadata is null)
        {
            document.Report(document.Line, $"'{document.PathOf("metadata")}' is missing");
            return null;
        }

        ResourceName? name = metadata.ReadName();
        ResourceName? service = ReadService(metadata, name);
        SliceAddressType? type = ReadAddressType(name);
        ImmutableArray<SliceEndpoint> endpoints = type is { } known ? ReadEndpoints(known) : [];
        ImmutableArray<SlicePort> ports = ReadPorts();
        return name is null || service is null || type is null ? null : new EndpointSliceRecord
        {
            Name = name,
            Service = service,
            AddressType = type.Value,
            Endpoints = endpoints,
            Ports = ports,
        };
    }

    private ResourceName? ReadService(FieldReader metadata, ResourceName? name)
    {
        FieldReader? labels = metadata.Fields("labels");
        if (labels?.Text(EndpointSliceRecord.ServiceLabel, required: false) is not { } text)
        {
            warnings.Add(new DocumentError(document.Line, $"slice {name} has no label {EndpointSliceRecord.ServiceLabel}, so it is no service's: ignored"));
            return null;
        }

        if (name is null)
        {
            return null;
        }

        if (!ResourceName.TryCreate(name.Namespace, text, out ResourceName? service, out string? error))
        {
            labels.Report(labels.LineOf(EndpointSliceRecord.ServiceLabel), $"'{labels.PathOf(EndpointSliceRecord.ServiceLabel)}': {error}");
        }

        return service;
    }

    private SliceAddressType? ReadAddressType(ResourceName? name)
    {
        if (document.Text("addressType") is NameOnly)
        {
            warnings.Add(new DocumentError(document.Line, $"slice {name} is of type {NameOnly}: names are nothing that packets can be sent to: ignored"));
            return null;
        }

        return document.Choice("addressType", ("IPv4", SliceAddressType.IPv4), ("IPv6", SliceAddressType.IPv6));
    }

    private ImmutableArray<SliceEndpoint> ReadEndpoints(SliceAddressType type)
    {
        ImmutableArray<SliceEndpoint>.Builder endpoints = ImmutableArray.CreateBuilder<SliceEndpoint>();
        if (document.Value("endpoints") is YamlList { Items.Count: > MostEndpoints and int count })
        {
            document.Report(document.LineOf("endpoints"), $"'{document.PathOf("endpoints")}' has {count} entries (at most {MostEndpoints} in one slice)");
            return [];
        }

        foreach (FieldReader fields in document.Maps("endpoints").Where(fields => !fields.IsBroken))
        {
            if (ReadAddress(fields, type) is not { } address)
            {
                continue;
            }

            FieldReader? conditions = fields.Fields("conditions");
            bool isReady = conditions?.Flag("ready") ?? true;
            endpoints.Add(new SliceEndpoint
            {
                Address = address,
                Node = ReadNode(fields),
                IsReady = isReady,
                IsServing = conditions?.Flag("serving") ?? isReady,
                IsTerminating = conditions?.Flag("terminating") ?? false,
            });
        }

        return endpoints.ToImmutable();
    }

    private static IPAddress? ReadAddress(FieldReader fields, SliceAddressType type)
    {
        int before = 0;
        IPAddress? first = null;
        foreach (YamlText text in fields.Texts("addresses"))
        {
            before++;
            if (fields.ReadAddress("addresses", text) is not { } address)
            {
                continue;
            }

            if (address.AddressFamily != type.Family())
            {
                fields.Report(text.Line, $"'{fields.PathOf("addresses")}': {address} is no {type} address, as 'addressType' says");
                continue;
            }

            first ??= address;
        }

        if (before == 0)
        {
            fields.Report(fields.LineOf("addresses"), $"'{fields.PathOf("addresses")}' is empty");
        }

        return first;
    }

    private static NodeName? ReadNode(FieldReader fields)
    {
        if (fields.Text("nodeName", required: false) is not { } text)
        {
            return null;
        }

        if (!NodeName.TryParse(text, out NodeName? node, out string? error))
        {
            fields.Report(fields.LineOf("nodeName"), $"'{fields.PathOf("nodeName")}': {error}");
        }

        return node;
    }

    private ImmutableArray<SlicePort> ReadPorts()
    {
        ImmutableArray<SlicePort>.Builder ports = ImmutableArray.CreateBuilder<SlicePort>();
        foreach (FieldReader fields in document.Maps("ports").Where(fields => !fields.IsBroken))
        {
            string name = fields.ReadPortName();
            int? port = fields.Number("port", 1, ushort.MaxValue);
            if (fields.ReadProtocol() is not { } protocol)
            {
                continue;
            }

            if (ports.Any(other => other.Name == name && other.Protocol == protocol))
            {
                fields.Report(fields.Line, $"'{fields.PathOf("name")}': a {protocol} port is called '{name}' already");
            }

            ports.Add(new SlicePort { Name = name, Protocol = protocol, Port = (ushort?)port });
        }

        return ports.ToImmutable();
    }
}
