using System.CommandLine;
using Weft.Cli.Hosting;

namespace Weft.Cli.Output;

/// <summary><c>--color auto|always|never</c>: <c>auto</c> is on a terminal, and not where <c>NO_COLOR</c> is set (no-color.org).</summary>
internal static class ColorOption
{
    private const string Auto = "auto";
    private const string Always = "always";
    private const string Never = "never";

    public static Option<string> Create()
    {
        Option<string> option = new("--color")
        {
            HelpName = "WHEN",
            Description = "Colours: auto (on a terminal, unless NO_COLOR is set), always or never; never in JSON",
            DefaultValueFactory = _ => Auto,
        };
        option.AcceptOneOf(Auto, Always, Never);
        return option;
    }

    public static bool IsOn(string? word, CliHost host) => word == Always || (word == Auto && host.IsColorTerminal);
}
