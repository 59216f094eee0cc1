namespace EndToEnd.Harness;

/// <summary>Marks the tests that 'tools/kernels/run' runs on other kernels too, in slow emulated machines with few tools.</summary>
internal static class KernelScenario
{
    public const string Name = "kernels";
    public const string Value = "scenario";

    /// <summary>Whether this is such a machine: its processors are programs, a hundred times slower than real ones.</summary>
    public static bool IsEmulated { get; } = Environment.GetEnvironmentVariable("WEFT_EMULATED") == "1";
}
