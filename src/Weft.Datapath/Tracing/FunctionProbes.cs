using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Datapath.Tracing;

/// <summary>Programs at the functions of the kernel that take a packet, beside a tracer's programs at tracepoints, whose maps they use.</summary>
/// <remarks>
/// Attached step by step, as there are a thousand and more. Needs kprobe.multi and the kfunc <c>bpf_rdonly_cast</c> (kernel 6.2); where
/// either is missing, <see cref="Coverage"/> says so and nothing is attached. Not thread-safe.
/// </remarks>
public sealed class FunctionProbes : IDisposable
{
    /// <summary>A link costs the kernel a walk over its code, whatever it names; more at once would show no progress.</summary>
    private const int FunctionsAtOnce = 256;

    private const string Argument = "weft_at_argument_";

    private readonly List<BpfLink> _links = [];
    private readonly Stack<(int Argument, ReadOnlyMemory<ulong> Addresses)> _left = [];
    private readonly BpfObject? _programs;

    private FunctionProbes(string fault) => Coverage = new FunctionCoverage(0, 0, 0, fault);

    private FunctionProbes(BpfObject programs, IReadOnlyList<PacketFunction> functions)
    {
        _programs = programs;
        Coverage = new FunctionCoverage(functions.Count, 0, 0, functions.Count == 0 ? "the kernel has no function of that name that takes a packet" : null);
        foreach (IGrouping<int, PacketFunction> group in functions.GroupBy(function => function.Argument))
        {
            foreach (ulong[] addresses in group.Select(function => function.Address).Chunk(FunctionsAtOnce))
            {
                _left.Push((group.Key, addresses));
            }
        }
    }

    public FunctionCoverage Coverage { get; private set; }

    /// <summary>Finds the functions and loads the programs. Takes up to a second or so.</summary>
    /// <param name="maps">Of the tracer, by name.</param>
    internal static FunctionProbes Load(FunctionQuery query, KernelSymbols symbols, IReadOnlyDictionary<string, BpfMap> maps)
    {
        try
        {
            return !KernelFeatures.HasKprobeMulti()
                ? new FunctionProbes("the kernel has no kprobe.multi (CONFIG_FPROBE, kernel 5.18)")
                : new FunctionProbes(TracerObject.Load(maps, program => program.StartsWith(Argument, StringComparison.Ordinal)), PacketFunctions.Find(query, symbols));
        }
        catch (VerifierException)
        {
            return new FunctionProbes("the kernel has no bpf_rdonly_cast (kernel 6.2)");
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException or FormatException)
        {
            return new FunctionProbes(failure.Message);
        }
    }

    /// <summary>Attaches some more, as many as the kernel takes at once.</summary>
    /// <remarks>The kernel refuses all because of one: halves are tried then, down to the culprit.</remarks>
    /// <returns>False: nothing is left.</returns>
    public bool AttachMore()
    {
        if (Coverage.Fault is not null || !_left.TryPop(out (int Argument, ReadOnlyMemory<ulong> Addresses) next))
        {
            return false;
        }

        int count = next.Addresses.Length;
        try
        {
            _links.Add(BpfLink.AttachFunctions(_programs!.Program($"{Argument}{next.Argument}"), next.Addresses.Span));
            Coverage = Coverage with { Attached = Coverage.Attached + count };
        }
        catch (BpfException failure) when (failure.Errno is Errno.EINVAL or Errno.ENOENT or Errno.ESRCH or Errno.EBUSY)
        {
            if (count == 1)
            {
                Coverage = Coverage with { Refused = Coverage.Refused + 1 };
            }
            else
            {
                _left.Push((next.Argument, next.Addresses[..(count / 2)]));
                _left.Push((next.Argument, next.Addresses[(count / 2)..]));
            }
        }
        catch (BpfException failure)
        {
            Coverage = Coverage with { Fault = failure.Message };
        }

        return _left.Count > 0;
    }

    public void Dispose()
    {
        foreach (BpfLink link in _links)
        {
            link.Dispose();
        }

        _programs?.Dispose();
    }
}
