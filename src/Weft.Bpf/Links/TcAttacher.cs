using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>Attaches tc programs to devices so that they outlive the process, in the best way that this kernel offers.</summary>
/// <remarks>
/// With TCX the link is pinned at a path that the caller chooses; with clsact the filter belongs to the device and the
/// path is not used. Devices are named in the calling thread's network namespace. Safe to use from several threads for different devices.
/// A link takes a grace period of the kernel to make, milliseconds in which nobody's devices can be changed, a filter does not: so a device
/// can have a filter first and a link later. While it has both, the link's program runs first, and alone unless it
/// answers TC_ACT_UNSPEC.
/// </remarks>
public sealed class TcAttacher(TcAttachMode mode)
{
    public TcAttachMode Mode { get; } = mode;

    /// <summary>For the best way of the running kernel.</summary>
    public static TcAttacher ForThisKernel() => new(KernelFeatures.HasTcx() ? TcAttachMode.Tcx : TcAttachMode.Clsact);

    /// <summary>Attaches, or replaces the program of the attachment that is already there; no packet passes unseen between.</summary>
    public TcAttachResult Attach(BpfProgram program, IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        if (Mode == TcAttachMode.Clsact)
        {
            return AttachFast(program, ifIndex, direction, pinPath);
        }

        if (ReplaceInLink(program, ifIndex, direction, pinPath) is { } result)
        {
            return result;
        }

        using BpfLink link = BpfLink.AttachTcx(program, ifIndex, direction);
        link.PinReplacing(pinPath);
        return TcAttachResult.Attached;
    }

    /// <summary>As <see cref="Attach"/>, without its wait: where there is no link yet, by a filter.</summary>
    public TcAttachResult AttachFast(BpfProgram program, IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        if (Mode == TcAttachMode.Tcx && ReplaceInLink(program, ifIndex, direction, pinPath) is { } result)
        {
            return result;
        }

        BpfProgramId? before = ClsactFilter.Query(ifIndex, direction);
        ClsactFilter.Attach(program, ifIndex, direction);
        return before is null ? TcAttachResult.Attached : TcAttachResult.Replaced;
    }

    /// <summary>Puts a link in the place of a filter that <see cref="AttachFast"/> made, with no moment between in which there is neither.</summary>
    /// <returns>False where the device has a link and no filter already, or the kernel has no links.</returns>
    public bool Settle(BpfProgram program, IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        if (Mode == TcAttachMode.Clsact)
        {
            return false;
        }

        bool attached = Attach(program, ifIndex, direction, pinPath) == TcAttachResult.Attached;
        return ClsactFilter.Detach(ifIndex, direction) || attached;
    }

    /// <summary>The program that is attached, or null.</summary>
    public BpfProgramId? Query(IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        if (Mode == TcAttachMode.Tcx)
        {
            using BpfLink? link = BpfLink.TryOpenPinned(pinPath);
            if (link?.GetInfo() is { } info && info.IfIndex == ifIndex && info.Direction == direction)
            {
                return info.ProgramId;
            }
        }

        return ClsactFilter.Query(ifIndex, direction);
    }

    /// <summary>Takes the program off at once, and the pin away; false when nothing was attached. Fine when the device is gone.</summary>
    public bool Detach(IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        bool attached = ClsactFilter.Detach(ifIndex, direction);
        if (Mode == TcAttachMode.Clsact)
        {
            return attached;
        }

        using BpfLink? link = BpfLink.TryOpenPinned(pinPath);
        if (link is null)
        {
            return attached;
        }

        attached |= link.GetInfo().IsAttached;
        link.Detach();
        BpfLink.Unpin(pinPath);
        return attached;
    }

    /// <returns>Null: the pin holds no link of this device.</returns>
    private static TcAttachResult? ReplaceInLink(BpfProgram program, IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        using BpfLink? pinned = BpfLink.TryOpenPinned(pinPath);
        if (pinned?.GetInfo() is not { } info || info.IfIndex != ifIndex || info.Direction != direction)
        {
            return null;
        }

        if (info.ProgramId == program.Id)
        {
            return TcAttachResult.Unchanged;
        }

        try
        {
            pinned.Update(program);
            return TcAttachResult.Replaced;
        }
        catch (BpfException failure) when (failure.Errno == Errno.ENOLINK)
        {
            // The device went between the look and the update; what is at its index now has no program yet.
            return null;
        }
    }
}
