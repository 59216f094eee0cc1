namespace Weft.Datapath.Tracing;

/// <summary>A tracer's bit until it is disposed.</summary>
public sealed class TracerSlot : IDisposable
{
    private readonly TracerSlots _slots;
    private int _returned;

    internal TracerSlot(TracerSlots slots, uint bit)
    {
        _slots = slots;
        Bit = bit;
    }

    public uint Bit { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            _slots.Return(Bit);
        }
    }
}
