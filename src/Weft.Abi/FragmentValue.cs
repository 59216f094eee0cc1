using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_fragments</c>: the ports of the first fragment, for those that come after it.</summary>
[BtfStruct("weft_fragment_value")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct FragmentValue
{
    public Be16 Sport;
    public Be16 Dport;
}
