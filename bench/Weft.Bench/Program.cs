using System.CommandLine;
using System.Runtime.InteropServices;
using Spectre.Console;
using Weft.Bench.Measurements;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench;

internal static class Program
{
    /// <summary>As a shell shows a program that SIGINT ended.</summary>
    private const int Interrupted = 130;

    public static int Main(string[] arguments)
    {
        Option<string> weft = new("--weft") { Description = "the published command line, beside its agent", Required = true };
        Option<int> repeat = new("--repeat") { Description = "repetitions of each measurement", DefaultValueFactory = _ => 7 };
        Option<bool> quick = new("--quick") { Description = "short measurements, to see that the bench works; not for figures" };
        Option<string[]> only = new("--only") { Description = $"names of figures: {string.Join(' ', BenchOptions.Figures)}", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. BenchOptions.Figures]);
        Option<string> output = new("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        RootCommand root = new("Measures Weft side by side with the kernel's own means on the same layout, on this machine, in namespaces.") { weft, repeat, quick, only, output };
        root.SetAction(parsed => Run(new BenchOptions(
            Path.GetFullPath(parsed.GetValue(weft)!), parsed.GetValue(repeat), parsed.GetValue(quick) ? TrafficPlan.Quick : TrafficPlan.Full,
            parsed.GetValue(only) ?? [], parsed.GetValue(output) == "json")));
        return root.Parse(arguments).Invoke();
    }

    private static int Run(BenchOptions options)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, stop);
        try
        {
            // Every measurement announces itself, and none takes more than seconds: a signal takes the usual way out, past all that has to be taken down.
            List<Figure> figures = Measure(options, text =>
            {
                stop.Token.ThrowIfCancellationRequested();
                Console.Error.WriteLine($"bench: {text}");
            });
            Print(new Report(DateTimeOffset.UtcNow, Machine.Read(), options.Repetitions, figures), options);
            return 0;
        }
        catch (Exception exception) when (stop.IsCancellationRequested)
        {
            // A terminal interrupts the programs that the bench started too, so it may be their end that was met first.
            Console.Error.WriteLine($"bench: ended by a signal; everything is taken down ({exception.Message})");
            return Interrupted;
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });

    private static List<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        List<Figure> figures = [];
        if (BenchOptions.LabFigures.Any(options.Wants))
        {
            progress("a lab with two nodes");
            using WeftLab lab = new(options.Weft);
            figures.AddRange(DatapathFigures.Measure(options, lab, progress));
            figures.AddRange(ProgramFigures.Measure(options, lab, progress));
            figures.AddRange(FlowFigures.Measure(options, lab, progress));
            figures.AddRange(TraceFigures.Measure(options, lab, progress));
            figures.AddRange(EventFigures.Measure(options, lab, progress));
        }

        figures.AddRange(ScaleFigures.Measure(options, progress));
        figures.AddRange(PolicyFigures.Measure(options, progress));
        figures.AddRange(AgentFigures.Measure(options, progress));
        figures.AddRange(CniFigures.Measure(options, progress));
        figures.AddRange(EtcdFigures.Measure(options, progress));
        figures.AddRange(RuntimeFigures.Measure(options, progress));
        return figures;
    }

    private static void Print(Report report, BenchOptions options)
    {
        if (options.Json)
        {
            report.PrintJson(Console.Out);
        }
        else
        {
            report.Print(AnsiConsole.Console);
        }
    }
}
