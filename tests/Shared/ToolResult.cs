namespace Weft.Tests.Shared;

public sealed record ToolResult(int ExitCode, string Output, string Error);
