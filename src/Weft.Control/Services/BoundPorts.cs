using System.Globalization;
using Weft.Model.Services;

namespace Weft.Control.Services;

/// <summary>The ports that processes of the node wait at, as /proc/net tells of the namespace that this process is in.</summary>
/// <remarks>A socket of one address counts as much as one of all: the port is somebody's.</remarks>
public sealed class BoundPorts
{
    /// <summary>TCP_LISTEN and TCP_CLOSE of include/net/tcp_states.h; the latter is what a UDP socket without a peer is in.</summary>
    private const string Listen = "0A";
    private const string Unconnected = "07";

    private static readonly (string File, TransportProtocol Protocol, string State)[] s_files =
    [
        ("tcp", TransportProtocol.Tcp, Listen), ("tcp6", TransportProtocol.Tcp, Listen),
        ("udp", TransportProtocol.Udp, Unconnected), ("udp6", TransportProtocol.Udp, Unconnected),
    ];

    private readonly HashSet<(TransportProtocol, ushort)> _ports = [];

    private BoundPorts()
    {
    }

    public static BoundPorts Read(string directory = "/proc/self/net")
    {
        BoundPorts ports = new();
        foreach ((string file, TransportProtocol protocol, string state) in s_files)
        {
            string path = Path.Combine(directory, file);
            // There is no tcp6 where the kernel has no IPv6.
            if (File.Exists(path))
            {
                ports.Add(File.ReadLines(path).Skip(1), protocol, state);
            }
        }

        return ports;
    }

    public bool Contains(TransportProtocol protocol, ushort port) => _ports.Contains((protocol, port));

    // sl local_address rem_address st …, as in "0: 00000000:0016 00000000:0000 0A": hexadecimal, the address in the machine's order.
    private void Add(IEnumerable<string> lines, TransportProtocol protocol, string wanted)
    {
        foreach (string line in lines)
        {
            string[] fields = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 5 && fields[3] == wanted
                && ushort.TryParse(fields[1].AsSpan(fields[1].IndexOf(':') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort port))
            {
                _ports.Add((protocol, port));
            }
        }
    }
}
