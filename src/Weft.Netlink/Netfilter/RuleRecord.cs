using System.Collections.Immutable;

namespace Weft.Netlink.Netfilter;

/// <summary>A rule as the kernel has it.</summary>
internal sealed record RuleRecord(NetfilterFamily Family)
{
    public string Table { get; init; } = "";

    public string Chain { get; init; } = "";

    public ulong Handle { get; init; }

    public ImmutableArray<Expression> Expressions { get; init; } = [];

    public string? Comment { get; init; }
}
