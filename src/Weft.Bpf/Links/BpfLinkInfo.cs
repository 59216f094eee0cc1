using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>What the kernel tells about a link.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ProgramId">The program that runs now.</param>
/// <param name="IfIndex">Of TCX and XDP links, in the device's namespace; none when the device is gone or the link detached.</param>
/// <param name="Direction">Of TCX links.</param>
/// <param name="CgroupId">Of cgroup links, the inode of the cgroup's directory; 0 when the cgroup is gone or the link detached.</param>
/// <param name="Hook">Of cgroup links.</param>
public readonly record struct BpfLinkInfo(
    BpfLinkId Id, BpfProgramId ProgramId, IfIndex IfIndex, TcDirection? Direction, ulong CgroupId = 0, CgroupHook? Hook = null)
{
    /// <summary>False when the device or cgroup is gone or the link was detached; such a link can only be thrown away.</summary>
    public bool IsAttached => !IfIndex.IsNone || CgroupId != 0;
}
