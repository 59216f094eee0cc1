using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_service_slots</c>; the value is a backend's id.</summary>
[BtfStruct("weft_service_slot_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ServiceSlotKey
{
    public uint ServiceId;
    public ushort Generation;
    public ServiceList List;
    private readonly byte _pad;
    public uint Slot;
}
