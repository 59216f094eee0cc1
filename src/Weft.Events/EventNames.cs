using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>What the numbers in events are called on the node they come from.</summary>
/// <remarks>Replaced as a whole by <see cref="Update"/>, which may be called between events of a running stream.</remarks>
public sealed class EventNames
{
    private FrozenDictionary<uint, string> _interfaces = FrozenDictionary<uint, string>.Empty;

    /// <summary>Print identities as numbers, also the reserved ones.</summary>
    public bool NumericIdentities { get; init; }

    /// <summary>Name of the node; null until it is known.</summary>
    public string? Node { get; private set; }

    /// <summary>UDP destination port of the overlay.</summary>
    public ushort TunnelPort { get; private set; } = VxlanHeader.LinuxPort;

    /// <summary>Of policies; <see cref="Update"/> leaves them as they are.</summary>
    public RuleNames Rules { get; } = new();

    public void Update(MonitorNames names)
    {
        Node = names.Node ?? Node;
        TunnelPort = names.TunnelPort ?? TunnelPort;
        Dictionary<uint, string> interfaces = [];
        foreach ((string key, string name) in names.Interfaces)
        {
            if (name is { Length: > 0 } && uint.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out uint index))
            {
                interfaces[index] = name;
            }
        }

        _interfaces = interfaces.ToFrozenDictionary();
    }

    public bool TryGetInterface(uint index, [MaybeNullWhen(false)] out string name) => _interfaces.TryGetValue(index, out name);

    /// <summary>The interface's name, or its number where no name is known.</summary>
    public void WriteInterface(uint index, Utf8Output output)
    {
        if (TryGetInterface(index, out string? name))
        {
            output.Write(name);
        }
        else
        {
            output.Write(index, default);
        }
    }

    /// <summary><c>unknown</c>, <c>host</c> and so on for reserved identities, the number for others.</summary>
    public void WriteIdentity(uint identity, Utf8Output output)
    {
        if (!NumericIdentities && ReservedName(identity) is string name)
        {
            output.Write(name);
        }
        else
        {
            output.Write(identity, default);
        }
    }

    /// <summary>The rule's name, or <c>rule 0x1234abcd</c> where none is known.</summary>
    public void WriteRule(uint number, Utf8Output output)
    {
        if (Rules.Find(number) is { } name)
        {
            output.Write(name);
        }
        else
        {
            output.Write($"rule 0x{number:x8}");
        }
    }

    private static string? ReservedName(uint identity) => (ReservedIdentity)identity switch
    {
        ReservedIdentity.Unknown => "unknown",
        ReservedIdentity.Host => "host",
        ReservedIdentity.World => "world",
        ReservedIdentity.Unmanaged => "unmanaged",
        ReservedIdentity.Health => "health",
        ReservedIdentity.Init => "init",
        ReservedIdentity.RemoteNode => "remote-node",
        _ => null,
    };
}
