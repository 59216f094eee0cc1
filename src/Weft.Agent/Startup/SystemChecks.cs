using Weft.Bpf;
using Weft.Linux;
using Weft.Linux.Mounts;

namespace Weft.Agent.Startup;

/// <summary>What the machine must have before the agent touches anything.</summary>
internal static class SystemChecks
{
    private static readonly KernelVersion s_oldest = new(5, 10);

    /// <exception cref="AgentFailure">Something is missing that only a person can bring.</exception>
    public static void Run(string bpfRoot)
    {
        RequireRoot();
        if (!ProcessPrivileges.Has(Capability.CAP_NET_ADMIN))
        {
            throw new AgentFailure("start weft-agent: the capability CAP_NET_ADMIN is missing (a container must be privileged)");
        }

        if (KernelVersion.Current < s_oldest)
        {
            throw new AgentFailure(
                $"start weft-agent on kernel {KernelVersion.Current}: too old: {s_oldest.Major}.{s_oldest.Minor} or newer is needed");
        }

        RequireBpf();
        RequireBpfFileSystem(bpfRoot);
    }

    public static void RequireRoot()
    {
        if (!ProcessPrivileges.IsRoot)
        {
            throw new AgentFailure(
                "start weft-agent: not root: it makes devices and loads BPF programs (run it with sudo, or as a system service)");
        }
    }

    private static void RequireBpf()
    {
        try
        {
            if (!KernelFeatures.HasProgramType(BpfProgramType.SchedCls))
            {
                throw new AgentFailure(
                    "load a BPF program: this kernel has none for traffic control (it needs CONFIG_BPF_SYSCALL, CONFIG_NET_CLS_BPF and "
                        + "CONFIG_NET_CLS_ACT)");
            }
        }
        catch (LinuxException error)
        {
            throw new AgentFailure($"load a BPF program: {error.Message}", error);
        }
        catch (DllNotFoundException error)
        {
            throw new AgentFailure($"load libbpf.so.1: {error.Message.Split('\n')[0]} (on Debian: apt-get install libbpf1)", error);
        }
    }

    /// <summary>The usual place is mounted where it is not; another place is the person's own.</summary>
    private static void RequireBpfFileSystem(string bpfRoot)
    {
        const string usual = "/sys/fs/bpf";
        if (BpfFileSystem.Holds(bpfRoot))
        {
            return;
        }

        if (bpfRoot == usual || bpfRoot.StartsWith(usual + "/", StringComparison.Ordinal))
        {
            MountTable.MountBpf(usual);
            return;
        }

        throw new AgentFailure(
            $"use BPF root {bpfRoot}: it is in no bpf file system (mount one: 'mount -t bpf bpf {Path.GetDirectoryName(bpfRoot)}', or "
                + "give another --bpf-root)");
    }
}
