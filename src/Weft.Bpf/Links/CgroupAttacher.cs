using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>Attaches programs to cgroups by pinned links, so that they outlive the process.</summary>
/// <remarks>Safe to use from several threads for different pins.</remarks>
public static class CgroupAttacher
{
    /// <summary>
    /// Attaches, or replaces the program of the attachment that the pin holds; every socket meets the old program or the new one. An
    /// attachment to another cgroup that the pin holds ends.
    /// </summary>
    /// <returns>False if there was an attachment to this cgroup already.</returns>
    public static bool Attach(BpfProgram program, string cgroup, CgroupHook hook, string pinPath)
    {
        using FileDescriptor directory = FileDescriptor.Open(cgroup);
        using (BpfLink? pinned = BpfLink.TryOpenPinned(pinPath))
        {
            if (pinned is not null && Holds(pinned.GetInfo(), cgroup, hook) && TryUpdate(pinned, program))
            {
                return false;
            }
        }

        using BpfLink link = BpfLink.AttachCgroup(program, directory, hook);
        link.PinReplacing(pinPath);
        return true;
    }

    /// <summary>The program that is attached to the cgroup, or null.</summary>
    public static BpfProgramId? Query(string cgroup, CgroupHook hook, string pinPath)
    {
        using BpfLink? link = BpfLink.TryOpenPinned(pinPath);
        return link?.GetInfo() is { } info && Holds(info, cgroup, hook) ? info.ProgramId : null;
    }

    /// <summary>Takes the program off at once, and the pin away; false when nothing was attached. Fine when the cgroup is gone.</summary>
    public static bool Detach(string pinPath)
    {
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

    private static bool Holds(in BpfLinkInfo info, string cgroup, CgroupHook hook) =>
        info.CgroupId != 0 && info.Hook == hook && FileIdentity.Of(cgroup)?.Inode == info.CgroupId;

    private static bool TryUpdate(BpfLink link, BpfProgram program)
    {
        try
        {
            if (link.GetInfo().ProgramId != program.Id)
            {
                link.Update(program);
            }

            return true;
        }
        catch (BpfException failure) when (failure.Errno == Errno.ENOLINK)
        {
            // The cgroup went between the look and the update; one of the same name has no program yet.
            return false;
        }
    }
}
