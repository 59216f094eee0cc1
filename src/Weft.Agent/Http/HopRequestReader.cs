using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Weft.Abi;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Datapath.Tracing;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Agent.Http;

/// <summary>Reads the query of a request for hops, as <see cref="HopRequest.ToPath"/> writes it.</summary>
internal static class HopRequestReader
{
    /// <summary>What is to be followed. <see cref="HopTracerOptions.Namespaces"/> stays the caller's where the request does not ask for all.</summary>
    /// <param name="pods">Of the node.</param>
    public static HopTracerOptions Read(IQueryCollection query, ushort tunnelPort, IEnumerable<EndpointRecord> pods)
    {
        using NetworkNamespace own = NetworkNamespace.OpenCurrent();
        (ulong only, NetworkNamespace? opened) = query["in"] == HopRequest.InNode ? (own.Inode, null) : ReadNamespace(query["namespace"], own, pods);
        using NetworkNamespace? pod = opened;
        (uint mark, uint mask) = ReadMark(query["mark"]);
        HopTracerOptions options = new()
        {
            Source = ReadSource(query),
            Code = ReadCode(query["code"]),
            WholeFlows = query["whole-flows"] == "true",
            Points = ReadPoints("points", query["points"]),
            Stacks = ReadPoints("stacks", query["stacks"]),
            TunnelPort = tunnelPort,
            Mark = mark,
            MarkMask = mask,
            Devices = ReadDevices(query["devices"]),
            OnlyNamespace = only,
            SnapLength = ReadSnapLength(query["snap-length"]),
            Track = query["track"] == "true",
        };
        if (only == own.Inode || pod is not null)
        {
            CheckDevices(options.Devices, pod ?? own);
        }

        return options is { Source: null, Code.Count: 0, MarkMask: 0, Devices.Count: 0, OnlyNamespace: 0 }
            ? throw new ApiRequestException("trace hops: nothing says which packets (give source, protocol and port, or code, mark, device or namespace)")
            : options;
    }

    /// <summary>Functions of the kernel that are to tell too; null: none.</summary>
    public static FunctionQuery? ReadFunctions(IQueryCollection query)
    {
        string? expression = query["functions"];
        try
        {
            return string.IsNullOrEmpty(expression) ? null : FunctionQuery.Parse(expression, query["all-modules"] == "true");
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new ApiRequestException($"trace hops at functions '{expression}': {error.Message}");
        }
    }

    /// <summary>Inode of the only namespace that is meant (0: any), and it itself where it is a pod's.</summary>
    private static (ulong Inode, NetworkNamespace? Pod) ReadNamespace(string? text, NetworkNamespace own, IEnumerable<EndpointRecord> pods)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (0, null);
        }

        bool isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode) && inode <= uint.MaxValue;
        if (isNumber && inode == own.Inode)
        {
            return (inode, null);
        }

        foreach (EndpointRecord record in pods)
        {
            if (TryOpen(record) is { } pod)
            {
                if (isNumber ? pod.Inode == inode : record.DisplayName == text)
                {
                    return (pod.Inode, pod);
                }

                pod.Dispose();
            }
        }

        return isNumber ? (inode, null) : throw new ApiRequestException($"trace hops in namespace '{text}': this node has no pod of that name");
    }

    /// <summary>Null: the pod is on its way out.</summary>
    private static NetworkNamespace? TryOpen(EndpointRecord pod)
    {
        try
        {
            return NetworkNamespace.Open(pod.NetnsPath);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>The pods whose namespaces alone are looked at; null: the node's and those of all pods.</summary>
    public static Func<EndpointRecord, bool>? ReadPods(IQueryCollection query)
    {
        if (query["in"] != HopRequest.InPods)
        {
            return null;
        }

        string[] names = Words(query["pods"]);
        string? text = query["selector"];
        if (names.Length == 0 && text is null)
        {
            return static _ => true;
        }

        LabelSelector selector = LabelSelector.Nothing;
        if (text is not null && !LabelSelectorText.TryParse(text, out selector!, out string? error))
        {
            throw new ApiRequestException($"trace hops by labels '{text}': {error}");
        }

        return record => names.Contains(record.DisplayName) || selector.Matches(record.Labels);
    }

    /// <summary>Kinds of event that the datapath is to make of what is followed.</summary>
    public static EventMask ReadEvents(IQueryCollection query)
    {
        EventMask kinds = EventMask.None;
        foreach (string type in Words(query["events"]))
        {
            kinds |= type switch
            {
                MonitorRequest.Drop => EventMask.Drop,
                MonitorRequest.Debug => EventMask.Debug,
                MonitorRequest.Trace => EventMask.Trace,
                MonitorRequest.Capture => EventMask.Capture,
                _ => throw new ApiRequestException($"trace hops with events of type '{type}': there are drop, debug, trace and capture"),
            };
        }

        return kinds;
    }

    private static HopSource? ReadSource(IQueryCollection query)
    {
        if (query["port"].Count == 0 && query["protocol"].Count == 0 && query["source"].Count == 0)
        {
            return null;
        }

        string? address = query["source"];
        IPAddress? source = null;
        return (address is null || IPAddress.TryParse(address, out source))
            && byte.TryParse(query["protocol"], NumberStyles.None, CultureInfo.InvariantCulture, out byte protocol) && protocol != 0
            && ushort.TryParse(query["port"], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? new HopSource(source, protocol, port)
            : throw new ApiRequestException($"trace hops from '{address}', port '{query["port"]}', by protocol '{query["protocol"]}': source is an address and may be left out, protocol and port are numbers");
    }

    private static HopCode[] ReadCode(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        try
        {
            byte[] bytes = Convert.FromHexString(text);
            int size = Marshal.SizeOf<HopCode>();
            return bytes.Length % size == 0 && bytes.Length / size <= HopFilter.MaxCode
                ? MemoryMarshal.Cast<byte, HopCode>(bytes).ToArray()
                : throw new ApiRequestException($"trace hops by code of {bytes.Length} bytes: it is instructions of {size} bytes, at most {HopFilter.MaxCode}");
        }
        catch (FormatException)
        {
            throw new ApiRequestException("trace hops by code: it is not hexadecimal");
        }
    }

    private static HopPoint[] ReadPoints(string name, string? text) =>
    [
        .. Words(text).Select(word => Enum.TryParse(word, ignoreCase: true, out HopPoint point) && Enum.IsDefined(point)
            ? point
            : throw new ApiRequestException(
                $"trace hops, {name} '{word}': there are {string.Join(", ", Enum.GetNames<HopPoint>().Select(known => known.ToLowerInvariant()))}")),
    ];

    private static (uint Mark, uint Mask) ReadMark(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return default;
        }

        string[] parts = text.Split('/');
        return parts.Length == 2
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint mark)
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint mask) && mask != 0
            ? (mark, mask)
            : throw new ApiRequestException($"trace hops, mark '{text}': it is MARK/MASK in decimal");
    }

    private static string[] ReadDevices(string? text) => Words(text) is var names && names.FirstOrDefault(name => !LinkName.IsValid(name)) is { } wrong
        ? throw new ApiRequestException($"trace hops at device '{wrong}': no device can have that name")
        : names;

    /// <remarks>Asked by netlink: sysfs shows the namespace that it was mounted in, which need not be the agent's.</remarks>
    private static void CheckDevices(IReadOnlyCollection<string> names, NetworkNamespace netns)
    {
        using RtNetlink netlink = RtNetlink.Open(netns);
        if (names.FirstOrDefault(name => netlink.Links.Find(name) is null) is { } unknown)
        {
            throw new ApiRequestException($"trace hops at device '{unknown}': there is none of that name");
        }
    }

    private static int ReadSnapLength(string? text) =>
        string.IsNullOrEmpty(text) ? HopEvent.HeadersLength
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length is > 0 and <= HopEvent.MaxSnapLength ? length
        : throw new ApiRequestException($"trace hops, {text} bytes of each packet: the most is {HopEvent.MaxSnapLength}");

    private static string[] Words(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
