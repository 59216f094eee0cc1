namespace Weft.Bpf.Btf;

/// <summary>Bytes that are not BTF, or BTF that contradicts itself.</summary>
public sealed class BtfFormatException(string message) : FormatException(message);
