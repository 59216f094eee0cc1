namespace Weft.Abi;

/// <summary>Kind of a record in the ring buffer.</summary>
[BtfEnum("weft_event_type")]
public enum EventType : byte
{
    Drop = 1,
    Debug = 2,
    Capture = 3,
    Trace = 4,
    Policy = 5,
}
