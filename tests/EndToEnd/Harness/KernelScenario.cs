namespace EndToEnd.Harness;

/// <summary>Marks the tests that 'tools/kernels/run' runs on other kernels too, in slow emulated machines with few tools.</summary>
internal static class KernelScenario
{
    public const string Name = "kernels";
    public const string Value = "scenario";
}
