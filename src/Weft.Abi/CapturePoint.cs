namespace Weft.Abi;

/// <summary>Places where a capture event is taken.</summary>
[BtfEnum("weft_capture")]
public enum CapturePoint : byte
{
    Delivery = 4,
}
