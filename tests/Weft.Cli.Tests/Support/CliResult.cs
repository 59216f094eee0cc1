namespace Weft.Cli.Tests.Support;

internal sealed record CliResult(int Code, string Output, string Error);
