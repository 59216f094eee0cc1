using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Tests;

/// <summary>Runs code on a thread without effective capabilities, although the process is root.</summary>
internal static class Unprivileged
{
    private const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    public static void Run(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                // Sets of this thread only (capset(2)), and it ends below.
                Assert.Equal(0, CapSet([LINUX_CAPABILITY_VERSION_3, 0], new uint[6]));
                body();
            }
            catch (Exception exception) // the thread's edge: thrown again below
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [DllImport("libc", EntryPoint = "capset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CapSet(uint[] header, uint[] data);
}
