using System.Runtime.CompilerServices;
using Weft.Bpf;

namespace EndToEnd.Harness;

/// <summary>A test of what needs programs at functions of the kernel. That a kernel has none is no fault of the machine, so it may always skip.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelFunctionFactAttribute : FactAttribute
{
    public KernelFunctionFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = SkipReason();

    private static string? SkipReason()
    {
        try
        {
            return KernelView.HasFunctions ? null : "the kernel has no kprobe.multi (CONFIG_FPROBE)";
        }
        catch (BpfException failure)
        {
            return failure.Message;
        }
    }
}
