using System.Numerics;
using Weft.Bpf.Maps;

namespace Weft.Datapath.Tracing;

/// <summary>Gives every tracer of the node a bit of its own in map <c>weft_watched</c>. Thread-safe.</summary>
public sealed class TracerSlots(PerCpuMap<uint, uint> watched)
{
    private readonly Lock _lock = new();
    private uint _taken;

    /// <summary>One that is free, with its bit cleared on every CPU.</summary>
    /// <exception cref="DatapathException">32 tracers run.</exception>
    public TracerSlot Take()
    {
        lock (_lock)
        {
            if (_taken == uint.MaxValue)
            {
                throw new DatapathException("trace packets: 32 traces run on this node already (wait for one to end)");
            }

            if (_taken == 0)
            {
                // What a tracer left that died, or was taken off between two packets.
                watched.UpdateAll(0, 0);
            }

            uint bit = 1u << BitOperations.TrailingZeroCount(~_taken);
            _taken |= bit;
            return new TracerSlot(this, bit);
        }
    }

    internal void Return(uint bit)
    {
        lock (_lock)
        {
            _taken &= ~bit;
        }
    }
}
