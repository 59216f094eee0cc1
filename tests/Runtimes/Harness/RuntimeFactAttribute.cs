using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Runtimes.Harness;

/// <summary>A test with container runtimes: skipped where the machine cannot run one, unless <c>WEFT_REQUIRE_RUNTIMES=1</c>, where it fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeFactAttribute : FactAttribute, IBeforeAfterTestAttribute
{
    public RuntimeFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = RuntimeProbe.SkipReason();

    public void Before(MethodInfo methodUnderTest, IXunitTest test) => RuntimeProbe.ThrowIfMissing();

    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}
