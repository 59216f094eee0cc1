using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace Weft.Tests.Shared;

/// <summary>A test against the real kernel: skipped without root, unless <c>WEFT_REQUIRE_KERNEL=1</c>, where it fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelFactAttribute : FactAttribute, IBeforeAfterTestAttribute
{
    public KernelFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = KernelRequirement.SkipReason();

    public void Before(MethodInfo methodUnderTest, IXunitTest test) => KernelRequirement.ThrowIfMissing();

    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}
