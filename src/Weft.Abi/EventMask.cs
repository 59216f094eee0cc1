namespace Weft.Abi;

/// <summary>Which kinds of event are wanted.</summary>
[Flags]
[BtfEnum("weft_events")]
public enum EventMask : uint
{
    None = 0,
    Drop = 1 << 0,
    Debug = 1 << 1,
    Trace = 1 << 2,
    Capture = 1 << 3,
    Policy = 1 << 4,
}
