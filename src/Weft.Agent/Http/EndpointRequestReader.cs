using System.Net;
using System.Net.Sockets;
using Weft.Api.Endpoints;
using Weft.Control.Endpoints;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Labels;
using Weft.Netlink.Links;

namespace Weft.Agent.Http;

/// <summary>Checks what a client asks for before anything is made, and tells all that is wrong with it at once.</summary>
internal static class EndpointRequestReader
{
    private const int MaxName = 253;

    /// <exception cref="ApiRequestException">Some field is missing or malformed.</exception>
    public static EndpointRequest Read(EndpointChangeRequest body)
    {
        List<string> errors = [];
        string netns = body.Netns ?? "";
        Check(
            Path.IsPathFullyQualified(netns), $"netns '{Printable.Excerpt(netns)}': give the absolute path of the pod's network namespace");
        string device = body.ContainerInterfaceName ?? "eth0";
        Check(
            LinkName.IsValid(device),
            $"container-interface-name '{Printable.Excerpt(device)}': not a name of a device "
                + $"(at most {LinkName.MaxLength} characters, no '/', ':' or space)");
        CheckName("cni-network", body.CniNetwork);
        CheckName("container-id", body.ContainerId);
        CheckName("k8s-namespace", body.K8sNamespace);
        CheckName("k8s-pod-name", body.K8sPodName);
        CheckName("k8s-uid", body.K8sUid);
        IPAddress? ipv4 = ReadAddress("ipv4", body.Addressing?.Ipv4, AddressFamily.InterNetwork);
        IPAddress? ipv6 = ReadAddress("ipv6", body.Addressing?.Ipv6, AddressFamily.InterNetworkV6);
        MacAddress? mac = null;
        if (body.Mac is not null)
        {
            bool valid = MacAddress.TryParse(body.Mac, out MacAddress parsed, out string? error);
            Check(valid, $"mac: {error}");
            Check(
                !valid || (parsed.Value & 0x0100_0000_0000) == 0,
                $"mac '{parsed}': it is a group address (the lowest bit of the first byte must be 0)");
            mac = parsed;
        }

        bool labelled = LabelSet.TryParse(body.Labels ?? [], out LabelSet? labels, out string? labelError);
        Check(labelled, $"labels: {labelError}");
        bool named = NamedPorts.TryParse(body.NamedPorts, out NamedPorts? ports, out string? portsError);
        Check(named, $"named-ports: {portsError}");
        if (errors.Count > 0)
        {
            throw new ApiRequestException($"create endpoint: {string.Join("; ", errors)}");
        }

        return new EndpointRequest
        {
            NetnsPath = netns,
            ContainerId = body.ContainerId ?? netns,
            ContainerInterface = device,
            CniNetwork = body.CniNetwork,
            FreeIngressQdisc = body.FreeIngressQdisc ?? false,
            KubernetesNamespace = body.K8sNamespace,
            KubernetesPod = body.K8sPodName,
            KubernetesUid = body.K8sUid,
            Labels = labels!,
            Ports = body.NamedPorts is null ? null : ports,
            IPv4 = ipv4,
            IPv6 = ipv6,
            Mac = mac,
        };

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }

        IPAddress? ReadAddress(string field, string? text, AddressFamily family)
        {
            bool valid = AddressText.TryParse(text, out IPAddress? address) && address.AddressFamily == family;
            Check(
                text is null || valid,
                $"addressing.{field} '{Printable.Excerpt(text)}': not an {(family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address");
            return valid ? address : null;
        }

        void CheckName(string field, string? value) => Check(
            value is null || (value.Length is > 0 and <= MaxName && value.All(c => c is > ' ' and <= '~')),
            $"{field} '{Printable.Excerpt(value)}': 1 to {MaxName} printable characters without spaces");
    }

    public static LabelSet ReadLabels(IReadOnlyList<string> labels) =>
        LabelSet.TryParse(labels, out LabelSet? set, out string? error) ? set : throw new ApiRequestException($"change labels: {error}");
}
