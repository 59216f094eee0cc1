using Weft.Bpf.Links;
using Weft.Datapath.Loading;
using Weft.Datapath.Pinning;
using Weft.Linux;
using Weft.Linux.Mounts;

namespace Weft.Datapath.Attaching;

/// <summary>The programs that translate services for the sockets of a cgroup and of those below it.</summary>
/// <remarks>They stay when the agent goes. Not thread-safe.</remarks>
public sealed class SocketAttachments
{
    private const string PinPrefix = "cgroup_";

    /// <summary>What undoes a translation comes before what does it.</summary>
    private static readonly (string Call, CgroupHook Hook)[] s_calls =
    [
        ("recvmsg4", CgroupHook.ReceiveMessage4),
        ("recvmsg6", CgroupHook.ReceiveMessage6),
        ("getpeername4", CgroupHook.GetPeerName4),
        ("getpeername6", CgroupHook.GetPeerName6),
        ("post_bind4", CgroupHook.PostBind4),
        ("post_bind6", CgroupHook.PostBind6),
        ("connect4", CgroupHook.Connect4),
        ("connect6", CgroupHook.Connect6),
        ("sendmsg4", CgroupHook.SendMessage4),
        ("sendmsg6", CgroupHook.SendMessage6),
    ];

    private readonly LoadedDatapath _datapath;
    private readonly BpfRoot _root;
    private readonly List<string> _made = [];

    /// <param name="datapath">Whose programs are attached.</param>
    /// <param name="root">Holds the links.</param>
    /// <param name="cgroup">Directory of a cgroup; null: services are translated in packets only.</param>
    public SocketAttachments(LoadedDatapath datapath, BpfRoot root, string? cgroup)
    {
        _datapath = datapath;
        _root = root;
        Cgroup = cgroup;
    }

    /// <summary>Null: socket translation is switched off.</summary>
    public string? Cgroup { get; }

    /// <summary>The cgroup that holds everything on this machine.</summary>
    /// <exception cref="DatapathException">No cgroup2 file system is mounted.</exception>
    public static string FindRootCgroup() => MountTable.FindWhole("cgroup2") ?? throw new DatapathException(
        "find the root of the cgroups: no cgroup2 file system is mounted (mount one: 'mount -t cgroup2 none /sys/fs/cgroup', or give "
            + "--cgroup-root none: services are then translated in packets only)");

    /// <summary>Brings the attachments to what <see cref="Cgroup"/> says, in place of those of an agent before.</summary>
    /// <exception cref="DatapathException">The cgroup is not there, or is none.</exception>
    public void Attach()
    {
        if (Cgroup is null)
        {
            DetachAll();
            return;
        }

        foreach ((string call, CgroupHook hook) in s_calls)
        {
            try
            {
                if (CgroupAttacher.Attach(_datapath.Socket(call), Cgroup, hook, PinOf(call)))
                {
                    _made.Add(call);
                }
            }
            catch (LinuxException error)
            {
                throw new DatapathException(
                    $"translate services for the sockets of cgroup {Cgroup}: {error.Message} (give the directory of a cgroup2 file "
                        + "system by --cgroup-root, or none)",
                    error);
            }
        }
    }

    /// <summary>Whether every program of this agent is on the cgroup.</summary>
    public bool IsAttached() => Cgroup is not null
        && s_calls.All(entry => CgroupAttacher.Query(Cgroup, entry.Hook, PinOf(entry.Call)) == _datapath.Socket(entry.Call).Id);

    /// <summary>Takes back the attachments that were made where there were none, for a start that goes no further.</summary>
    public void DetachNew() => _made.ForEach(call => CgroupAttacher.Detach(PinOf(call)));

    /// <summary>Whether a file below <c>links/</c> is one of these attachments.</summary>
    internal static bool IsPin(string name) => s_calls.Any(entry => name == PinPrefix + entry.Call);

    private void DetachAll()
    {
        // The other way round: no socket gets an address that nobody translates back.
        foreach ((string call, _) in s_calls.Reverse())
        {
            CgroupAttacher.Detach(PinOf(call));
        }
    }

    private string PinOf(string call) => Path.Combine(_root.Links, PinPrefix + call);
}
