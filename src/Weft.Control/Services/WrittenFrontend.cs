using System.Collections.Immutable;
using Weft.Abi;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>A frontend that the datapath has.</summary>
/// <param name="Owner">Null where an agent before this one wrote it, until it is written again.</param>
/// <param name="Used">Backends that it holds in the table of backends.</param>
internal sealed record WrittenFrontend(uint Id, ServicePortName? Owner, ServiceFlags Flags, ImmutableArray<Backend> Used)
{
    /// <summary>Backends in one of the lists.</summary>
    public ImmutableArray<uint> Listed { get; init; } = [];

    /// <summary>What the Maglev table was built of.</summary>
    public ImmutableArray<Backend> MaglevOf { get; init; } = [];
}
