using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace Weft.Tests.Shared;

/// <summary>A table of tests against the real kernel; skipped and failed as <see cref="KernelFactAttribute"/> is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelTheoryAttribute : TheoryAttribute, IBeforeAfterTestAttribute
{
    public KernelTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = KernelRequirement.SkipReason();

    public void Before(MethodInfo methodUnderTest, IXunitTest test) => KernelRequirement.ThrowIfMissing();

    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}
