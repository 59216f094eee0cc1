using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Datapath.Tracing;

/// <summary>Programs that see the kernel copy and free packets, where it lets programs run there (fentry, fexit).</summary>
/// <remarks>Each for itself: a kernel may have made one of the functions part of others.</remarks>
internal static class CopyProbes
{
    private static readonly string[] s_programs = ["weft_on_clone", "weft_on_copy", "weft_on_pskb_copy", "weft_on_freed"];

    /// <returns>What is to be disposed when nothing is followed any more.</returns>
    public static IEnumerable<IDisposable> Attach(IReadOnlyDictionary<string, BpfMap> maps)
    {
        foreach (string name in s_programs)
        {
            BpfLink? link = null;
            try
            {
                using BpfObject loaded = TracerObject.Load(maps, program => program == name);
                link = BpfLink.AttachTracepoint(loaded.Program(name));
            }
            catch (LinuxException)
            {
                // Packets are still followed by address, copies by their headers.
            }

            if (link is not null)
            {
                yield return link;
            }
        }
    }
}
