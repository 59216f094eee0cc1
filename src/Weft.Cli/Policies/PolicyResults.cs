using Weft.Api.Services;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary>What became of documents, a line each.</summary>
internal static class PolicyResults
{
    public static int Write(Invocation invocation, ManifestReport report)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(report, JsonOutput.Api.ManifestReport);
        }
        else
        {
            foreach (ManifestResult result in report.Results)
            {
                string where = result.Namespace.Length == 0 ? "" : $" in namespace {result.Namespace}";
                invocation.Output.WriteLine($"{result.Kind.ToLowerInvariant()}/{result.Name}{where}: {result.Result}");
            }
        }

        return report.Results.Any(result => result.Result == "not found") ? ExitCode.Failure : ExitCode.Success;
    }
}
