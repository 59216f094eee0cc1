namespace Datapath.Harness;

/// <summary>
/// Marks tests of thousands of packets, which prove the programs and not the kernel: 'tools/kernels/run' leaves them out, as
/// its emulated machines would take half an hour.
/// </summary>
internal static class Emulation
{
    public const string Name = "emulation";
    public const string TooSlow = "too-slow";
}
