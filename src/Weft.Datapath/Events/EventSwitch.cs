using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Events;

/// <summary>Turns the datapath's events on and off while packets flow, through the mapped memory of <c>weft_runtime</c>.</summary>
/// <remarks>Each field is written whole. The caller keeps writers apart.</remarks>
public sealed class EventSwitch(DatapathMaps maps) : IDisposable
{
    private readonly MappedArray<DatapathRuntime> _memory = maps.Runtime.MapMemory();

    public DatapathRuntime Current => _memory[0];

    /// <summary>From every endpoint and device.</summary>
    public void SetEverywhere(EventMask events) => _memory[0].Events = events;

    /// <summary>
    /// Whether any endpoint has a mask of its own: set after the first such mask is there, cleared before the last one goes.
    /// </summary>
    public void SetEndpointsFlagged(bool flagged) => _memory[0].EndpointsFlagged = flagged ? 1u : 0u;

    /// <summary>Of packets that a tracer follows.</summary>
    public void SetWatched(EventMask events) => _memory[0].Watch = events;

    public void SetAggregation(Aggregation aggregation) => _memory[0].Aggregation = aggregation;

    /// <param name="bytes">Of each packet, at most <see cref="DatapathRuntime.MaxCaptureLength"/>.</param>
    public void SetCaptureLength(uint bytes) => _memory[0].CaptureLen = Math.Min(bytes, DatapathRuntime.MaxCaptureLength);

    public void Dispose() => _memory.Dispose();
}
