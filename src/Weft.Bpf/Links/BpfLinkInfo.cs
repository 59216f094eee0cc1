using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>What the kernel tells about a link.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ProgramId">The program that runs now.</param>
/// <param name="IfIndex">Of TCX and XDP links, in the device's namespace; none when the device is gone or the link detached.</param>
/// <param name="Direction">Of TCX links.</param>
public readonly record struct BpfLinkInfo(BpfLinkId Id, BpfProgramId ProgramId, IfIndex IfIndex, TcDirection? Direction)
{
    /// <summary>False when the device is gone or the link was detached; such a link can only be thrown away.</summary>
    public bool IsAttached => !IfIndex.IsNone;
}
