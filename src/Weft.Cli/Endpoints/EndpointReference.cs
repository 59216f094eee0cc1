using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Net;
using Weft.Api;
using Weft.Cli.Hosting;

namespace Weft.Cli.Endpoints;

/// <summary>The argument that names an endpoint: by number, container, pod or address.</summary>
internal static class EndpointReference
{
    private static readonly string[] s_prefixes = ["container-id:", "pod-name:", "ipv4:", "ipv6:"];

    public static Argument<string> CreateArgument(CommandFactory factory)
    {
        Argument<string> argument = new("endpoint")
        {
            HelpName = "ENDPOINT",
            Description = "A number, pod-name:NAMESPACE/NAME, container-id:ID, ipv4:ADDRESS or ipv6:ADDRESS",
        };
        argument.Validators.Add(result =>
        {
            string text = result.Tokens[0].Value;
            if (!IsReference(text))
            {
                result.AddError($"'{text}' names no endpoint: give a number, pod-name:NAMESPACE/NAME, container-id:ID, ipv4:ADDRESS or ipv6:ADDRESS");
            }
        });
        argument.CompletionSources.Add(context => factory.Complete(context, KnownIdsAsync));
        return argument;
    }

    private static bool IsReference(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        || (text.StartsWith("ipv4:", StringComparison.Ordinal) ? IsIPv4(text[5..])
            : text.StartsWith("ipv6:", StringComparison.Ordinal) ? text[5..].Contains(':') && IPAddress.TryParse(text.AsSpan(5), out _)
            : s_prefixes.Any(prefix => text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal)));

    /// <summary>Four numbers: <see cref="IPAddress"/> also takes <c>10.1</c> for 10.0.0.1, which nobody means.</summary>
    private static bool IsIPv4(string text) => text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out _);

    private static async Task<IEnumerable<CompletionItem>> KnownIdsAsync(AgentClient agent, CancellationToken cancellationToken) =>
        from endpoint in await agent.GetEndpointsAsync(cancellationToken)
        select new CompletionItem(
            endpoint.Id.ToString(CultureInfo.InvariantCulture), detail: endpoint.Status?.ExternalIdentifiers?.PodName);
}
