namespace Weft.Abi;

/// <summary>What a person is told of a drop reason.</summary>
/// <param name="Reason">The number.</param>
/// <param name="Text">As users of Cilium know it; scripts match it.</param>
/// <param name="Meaning">When the datapath gives it, and what to look at.</param>
public sealed record DropReasonInfo(DropReason Reason, string Text, string Meaning);
