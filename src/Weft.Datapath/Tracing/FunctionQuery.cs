using System.Text.RegularExpressions;

namespace Weft.Datapath.Tracing;

/// <summary>Which functions of the kernel tell of packets.</summary>
/// <param name="Names">A name is meant where all of it matches.</param>
/// <param name="AllModules">Also those of modules.</param>
public sealed record FunctionQuery(Regex Names, bool AllModules)
{
    /// <summary>Reads an expression as RE2 knows it: without back references and look-around, so that it takes no longer than the name is long.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It has what is left out.</exception>
    public static FunctionQuery Parse(string expression, bool allModules) =>
        new(new Regex($"^(?:{expression})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), allModules);
}
