using System.Buffers;
using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf;

/// <content>BPF_PROG_TEST_RUN.</content>
public sealed unsafe partial class BpfProgram
{
    /// <summary>Runs the program in the kernel on a packet of the caller's, and returns what it made of it.</summary>
    /// <param name="data">From the Ethernet header on, at least its 14 bytes.</param>
    /// <param name="options">Null: one run without a context.</param>
    public BpfTestRunResult TestRun(ReadOnlySpan<byte> data, BpfTestRunOptions? options = null)
    {
        options ??= new BpfTestRunOptions();
        // A program may grow the packet (encapsulation, an ICMP error); the kernel refuses with ENOSPC when it does not fit.
        byte[] output = ArrayPool<byte>.Shared.Rent(data.Length + options.GrowthBytes);
        SkBuffContext context = options.Context;
        bool hasContext = options.UseContext;
        try
        {
            fixed (byte* dataIn = data, dataOut = output)
            {
                TestRunOptions run = new()
                {
                    Size = (nuint)sizeof(TestRunOptions),
                    DataIn = dataIn,
                    DataSizeIn = (uint)data.Length,
                    DataOut = dataOut,
                    DataSizeOut = (uint)output.Length,
                    ContextIn = hasContext ? &context : null,
                    ContextSizeIn = hasContext ? (uint)sizeof(SkBuffContext) : 0,
                    ContextOut = hasContext ? &context : null,
                    ContextSizeOut = hasContext ? (uint)sizeof(SkBuffContext) : 0,
                    Repeat = options.Repeat,
                };
                int result = LibBpf.ProgTestRun(Fd, &run);
                if (result < 0)
                {
                    throw BpfException.FromResult(result, $"test run of program {Name} on {data.Length} bytes", TestRunAdvice(result, options));
                }

                return new()
                {
                    ReturnValue = unchecked((int)run.ReturnValue),
                    Data = output.AsSpan(0, (int)run.DataSizeOut).ToArray(),
                    Context = context,
                    Duration = TimeSpan.FromTicks(run.Duration / 100),
                    DurationNanoseconds = run.Duration,
                };
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    private static string? TestRunAdvice(int result, BpfTestRunOptions options) => (Errno)(-result) switch
    {
        Errno.ENOSPC => $"the packet grew by more than {nameof(options.GrowthBytes)} = {options.GrowthBytes}",
        Errno.EINVAL when options.UseContext =>
            "the packet must have 14 bytes, the context an interface index of this network namespace and only fields that a test run may set",
        Errno.EINVAL => "the packet must have 14 bytes",
        Errno.ENOTSUPP => "this kernel cannot test-run programs of this type",
        _ => null,
    };
}
