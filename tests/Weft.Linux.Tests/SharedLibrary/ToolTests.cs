using Weft.Tests.Shared;

namespace Weft.Linux.Tests.SharedLibrary;

public class ToolTests
{
    [Fact]
    public void Program_that_fails_is_told_with_what_it_said()
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Tool.Run("sh", "-c", "echo no >&2; exit 3"));

        Assert.Equal("run sh -c echo no >&2; exit 3: exit code 3: no", failure.Message);
    }

    [Fact]
    public void Output_and_errors_are_kept_apart() =>
        Assert.Equal(new ToolResult(3, "out\n", "err\n"), Tool.RunUnchecked("sh", "-c", "echo out; echo err >&2; exit 3"));
}
