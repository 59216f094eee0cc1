namespace Weft.Linux.Filters;

/// <summary>A filter expression that cannot be compiled.</summary>
public sealed class PcapFilterException(string message, Exception? inner = null) : Exception(message, inner);
