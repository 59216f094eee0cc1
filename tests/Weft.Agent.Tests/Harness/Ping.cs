using System.Globalization;
using System.Text.RegularExpressions;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests.Harness;

/// <summary>Pings from a pod, and says how many answers came.</summary>
internal static partial class Ping
{
    public static int Answers(TestNamespace pod, string address, int count = 3, double interval = 0.05)
    {
        ToolResult result = Tool.RunUnchecked(
            "ip", "netns", "exec", pod.Name, "ping", "-c", Text(count), "-i", Text(interval), "-W", "1", address);
        Match received = Received().Match(result.Output);
        return received.Success ? int.Parse(received.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    [GeneratedRegex("(\\d+) received")]
    private static partial Regex Received();
}
