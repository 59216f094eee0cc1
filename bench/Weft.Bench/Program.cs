using System.CommandLine;
using Spectre.Console;
using Weft.Bench.Measurements;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench;

internal static class Program
{
    public static int Main(string[] arguments)
    {
        Option<string> weft = new("--weft") { Description = "the published command line, beside its agent", Required = true };
        Option<int> repeat = new("--repeat") { Description = "repetitions of each measurement", DefaultValueFactory = _ => 7 };
        Option<bool> quick = new("--quick") { Description = "short measurements, to see that the bench works; not for figures" };
        Option<string[]> only = new("--only") { Description = "names of figures: tcp-1 tcp-4 udp-64 tcp-rr tcp-crr programs agent", AllowMultipleArgumentsPerToken = true };
        Option<string> output = new("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        RootCommand root = new("Measures Weft side by side with the kernel's own VXLAN and with plain routing, on this machine, in namespaces.") { weft, repeat, quick, only, output };
        root.SetAction(parsed => Run(new BenchOptions(
            Path.GetFullPath(parsed.GetValue(weft)!), parsed.GetValue(repeat), parsed.GetValue(quick) ? TrafficPlan.Quick : TrafficPlan.Full,
            parsed.GetValue(only) ?? [], parsed.GetValue(output) == "json")));
        return root.Parse(arguments).Invoke();
    }

    private static int Run(BenchOptions options)
    {
        List<Figure> figures = [];
        Action<string> progress = text => Console.Error.WriteLine($"bench: {text}");
        using (WeftLab lab = new(options.Weft))
        {
            figures.AddRange(DatapathFigures.Measure(options, lab, progress));
            figures.AddRange(ProgramFigures.Measure(options, lab, progress));
        }

        figures.AddRange(AgentFigures.Measure(options, progress));
        Report report = new(DateTimeOffset.UtcNow, Machine.Read(), options.Repetitions, figures);
        if (options.Json)
        {
            report.PrintJson(Console.Out);
        }
        else
        {
            report.Print(AnsiConsole.Console);
        }

        return 0;
    }
}
