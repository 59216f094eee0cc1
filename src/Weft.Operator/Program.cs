using System.CommandLine;
using System.CommandLine.Invocation;
using Weft.Operator;

RootCommand root = OperatorCommandLine.Build(OperatorHost.RunAsync);
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"weft-operator: {error.Message}");
    }

    await Console.Error.WriteLineAsync("weft-operator: see 'weft-operator --help'");
    return 2;
}

return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
