using System.Collections.Immutable;
using System.Net;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>What the command line says of one end of packets, before pods and labels are looked up.</summary>
/// <param name="Option">The option, for errors.</param>
internal sealed record EndRequest(string Option, EndSide Side)
{
    public ImmutableArray<string> Pods { get; init; } = [];

    public ImmutableArray<LabelSelectorText> Labels { get; init; } = [];

    public ImmutableArray<uint> Identities { get; init; } = [];

    public ImmutableArray<IPNetwork> Addresses { get; init; } = [];

    /// <summary>Whether nodes have to be asked for what it means.</summary>
    public bool IsByName => !Pods.IsEmpty || !Labels.IsEmpty;
}
