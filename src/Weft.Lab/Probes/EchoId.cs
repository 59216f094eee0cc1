namespace Weft.Lab.Probes;

/// <summary>What a request and the answers to it have in common.</summary>
internal readonly record struct EchoId(ushort Id, ushort Sequence);
