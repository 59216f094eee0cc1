namespace Weft.Netlink.Netfilter.Text;

/// <summary>A field of a header by its place, in bits from the header's start.</summary>
internal readonly record struct HeaderField(string Name, ValueKind Kind, int Offset, int Length);
