using Weft.Linux;

namespace Weft.Tests.Shared;

/// <summary>What a test needs from the machine, and what becomes of it where that is missing.</summary>
/// <remarks>
/// A skip is a claim about the machine. Where the machine is known (CI), <c>WEFT_REQUIRE_KERNEL=1</c> turns the claim into a failure.
/// </remarks>
internal static class KernelRequirement
{
    private const string RequireVariable = "WEFT_REQUIRE_KERNEL";

    public static bool SkipIsFailure => Environment.GetEnvironmentVariable(RequireVariable) == "1";

    /// <returns>Why the test cannot run here, or null.</returns>
    public static string? Missing() =>
        ProcessPrivileges.IsRoot ? null : "needs root: it makes network namespaces, devices and BPF objects";

    public static string? SkipReason() => SkipIsFailure ? null : Missing();

    public static void ThrowIfMissing()
    {
        if (Missing() is { } reason)
        {
            throw new InvalidOperationException($"{reason} ({RequireVariable}=1 forbids skipping)");
        }
    }
}
