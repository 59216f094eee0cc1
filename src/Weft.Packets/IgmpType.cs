namespace Weft.Packets;

/// <summary>Types of IGMP messages.</summary>
public enum IgmpType : byte
{
    Query = 0x11,
    ReportV1 = 0x12,
    ReportV2 = 0x16,
    Leave = 0x17,
    ReportV3 = 0x22,
}
