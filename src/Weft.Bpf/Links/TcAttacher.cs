using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>Attaches tc programs to devices so that they outlive the process, in the one way that this kernel offers.</summary>
/// <remarks>
/// With TCX the link is pinned at a path that the caller chooses; with clsact the filter belongs to the device and the
/// path is not used. Devices are named in the calling thread's network namespace. Safe to use from several threads for different devices.
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
            BpfProgramId? before = ClsactFilter.Query(ifIndex, direction);
            ClsactFilter.Attach(program, ifIndex, direction);
            return before is null ? TcAttachResult.Attached : TcAttachResult.Replaced;
        }

        using (BpfLink? pinned = BpfLink.TryOpenPinned(pinPath))
        {
            if (pinned?.GetInfo() is { } info && info.IfIndex == ifIndex && info.Direction == direction)
            {
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
                }
            }
        }

        using BpfLink link = BpfLink.AttachTcx(program, ifIndex, direction);
        link.PinReplacing(pinPath);
        return TcAttachResult.Attached;
    }

    /// <summary>The program that is attached, or null.</summary>
    public BpfProgramId? Query(IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        if (Mode == TcAttachMode.Clsact)
        {
            return ClsactFilter.Query(ifIndex, direction);
        }

        using BpfLink? link = BpfLink.TryOpenPinned(pinPath);
        return link?.GetInfo() is { } info && info.IfIndex == ifIndex && info.Direction == direction ? info.ProgramId : null;
    }

    /// <summary>Takes the program off at once, and the pin away; false when nothing was attached. Fine when the device is gone.</summary>
    public bool Detach(IfIndex ifIndex, TcDirection direction, string pinPath)
    {
        if (Mode == TcAttachMode.Clsact)
        {
            return ClsactFilter.Detach(ifIndex, direction);
        }

        using BpfLink? link = BpfLink.TryOpenPinned(pinPath);
        if (link is null)
        {
            return false;
        }

        bool attached = link.GetInfo().IsAttached;
        link.Detach();
        BpfLink.Unpin(pinPath);
        return attached;
    }
}
