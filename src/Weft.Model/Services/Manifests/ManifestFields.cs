using System.Collections.Immutable;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Yaml;

namespace Weft.Model.Services.Manifests;

/// <summary>What manifests of all kinds have.</summary>
internal static class ManifestFields
{
    private const string DefaultNamespace = "default";

    /// <summary>The name in the metadata; null where it is wrong, which has been reported.</summary>
    public static ResourceName? ReadName(this FieldReader metadata)
    {
        string @namespace = metadata.Text("namespace", required: false) ?? DefaultNamespace;
        if (metadata.Text("name") is not { } name)
        {
            return null;
        }

        if (!ResourceName.TryCreate(@namespace, name, out ResourceName? resource, out string? error))
        {
            metadata.Report(metadata.LineOf("name"), $"{metadata.PathOf("name")}: {error}");
        }

        return resource;
    }

    /// <summary>A map of labels; what is no single value is reported.</summary>
    public static ImmutableSortedDictionary<string, string> ReadLabels(this FieldReader fields, string field)
    {
        _ = fields.Fields(field);
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((YamlText key, YamlValue value) in (fields.Value(field) as YamlMap)?.Entries ?? [])
        {
            if (value is YamlText text)
            {
                labels[key.Text] = text.IsNull ? "" : text.Text;
            }
            else
            {
                fields.Report(value.Line, $"'{fields.PathOf(field)}.{FieldReader.Shown(key.Text)}' is {value.Kind}: write a single value");
            }
        }

        return labels.ToImmutable();
    }

    /// <summary>Addresses that packets can be sent to; others are reported.</summary>
    public static ImmutableArray<IPAddress> ReadAddresses(this FieldReader fields, string field)
    {
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (YamlText text in fields.Texts(field))
        {
            if (ReadAddress(fields, field, text) is not { } address)
            {
                continue;
            }

            if (addresses.Contains(address))
            {
                fields.Report(text.Line, $"'{fields.PathOf(field)}' has {address} twice");
                continue;
            }

            addresses.Add(address);
        }

        return addresses.ToImmutable();
    }

    public static IPAddress? ReadAddress(this FieldReader fields, string field, YamlText text)
    {
        string? fault = !AddressText.TryParse(text.Text, out IPAddress? address) ? "no IP address" : SpecialAddress.Kind(address);
        if (fault is not null)
        {
            fields.Report(text.Line, $"'{fields.PathOf(field)}': '{FieldReader.Shown(text.Text)}' is {fault}");
            return null;
        }

        return address;
    }

    /// <summary>The protocol's word, TCP unless given; null where Kubernetes knows no such protocol, which is reported.</summary>
    public static string? ReadProtocol(this FieldReader port)
    {
        string protocol = port.Text("protocol", required: false) ?? TransportProtocols.Tcp;
        if (protocol is TransportProtocols.Tcp or TransportProtocols.Udp or TransportProtocols.Sctp)
        {
            return protocol;
        }

        port.Report(
            port.LineOf("protocol"),
            $"'{port.PathOf("protocol")}' is the unknown protocol '{FieldReader.Shown(protocol)}' ({TransportProtocols.Tcp} or {TransportProtocols.Udp})");
        return null;
    }

    /// <summary>A port's name: lower-case letters, digits and inner '-'. Empty where there is none.</summary>
    public static string ReadPortName(this FieldReader port)
    {
        string name = port.Text("name", required: false) ?? "";
        if (name.Length > 63 || name.StartsWith('-') || name.EndsWith('-')
            || name.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
        {
            port.Report(
                port.LineOf("name"),
                $"'{port.PathOf("name")}' is '{FieldReader.Shown(name)}' (at most 63 lower-case letters, digits and inner '-')");
        }

        return name;
    }
}
