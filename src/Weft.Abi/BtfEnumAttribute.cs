namespace Weft.Abi;

/// <summary>Names the C enum of bpf/include/weft that a C# enum mirrors, member by member.</summary>
/// <remarks>
/// tests/Weft.Abi.Tests compares the values. A C name must end in the C# name, without case and underscores:
/// <c>WEFT_DROP_INVALID_SOURCE_IP</c> is <c>InvalidSourceIP</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class BtfEnumAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
