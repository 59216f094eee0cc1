namespace Weft.Cli.Trace.Netfilter;

/// <summary>When a trace ends by itself; null: not by this.</summary>
internal sealed record NetfilterTraceLimits(int? Packets, TimeSpan? Time);
