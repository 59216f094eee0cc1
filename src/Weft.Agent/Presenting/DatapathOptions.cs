using Weft.Abi;
using Weft.Agent.Http;
using Weft.Api.Config;

namespace Weft.Agent.Presenting;

/// <summary>The options that can be changed while packets flow, between their names in the API and the datapath's masks.</summary>
internal static class DatapathOptions
{
    private static readonly (string Name, EventMask Events)[] s_switches =
    [
        (DatapathOption.Debug, EventMask.Debug | EventMask.Capture),
        (DatapathOption.DropNotification, EventMask.Drop),
        (DatapathOption.TraceNotification, EventMask.Trace),
    ];

    /// <param name="isAudited">What policy denies passes.</param>
    public static SortedDictionary<string, string> Describe(EventMask events, bool isAudited)
    {
        SortedDictionary<string, string> options = Describe(events);
        options[DatapathOption.PolicyAuditMode] = isAudited ? DatapathOption.Enabled : DatapathOption.Disabled;
        return options;
    }

    /// <summary>Takes the policy audit mode out of changes; null: it is none of them.</summary>
    /// <exception cref="ApiRequestException">Its value is none.</exception>
    public static bool? TakeAudit(Dictionary<string, string> changes) => !changes.Remove(DatapathOption.PolicyAuditMode, out string? value)
        ? null
        : ParseSwitch(value) ?? throw new ApiRequestException(
            $"change options: {DatapathOption.PolicyAuditMode}: '{value}' is neither {DatapathOption.Enabled} nor {DatapathOption.Disabled}");

    /// <summary>The mask after a change.</summary>
    /// <exception cref="ApiRequestException">Names every option and value that is not one.</exception>
    public static EventMask Apply(EventMask events, IReadOnlyDictionary<string, string> changes)
    {
        List<string> errors = [];
        foreach ((string name, string value) in changes)
        {
            (string known, EventMask mask) = s_switches.FirstOrDefault(
                option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                string all = string.Join(", ", s_switches.Select(option => option.Name));
                errors.Add($"'{name}' is no option (there are {all}, {DatapathOption.PolicyAuditMode}, and for the node "
                    + $"{DatapathOption.MonitorAggregationLevel}, {DatapathOption.PolicyEnforcement})");
            }
            else if (ParseSwitch(value) is { } on)
            {
                events = on ? events | mask : events & ~mask;
            }
            else
            {
                errors.Add($"{known}: '{value}' is neither {DatapathOption.Enabled} nor {DatapathOption.Disabled}");
            }
        }

        return errors.Count == 0 ? events : throw new ApiRequestException($"change options: {string.Join("; ", errors)}");
    }

    public static Aggregation ParseAggregation(string value) =>
        Enum.TryParse(value, ignoreCase: true, out Aggregation level) && Enum.IsDefined(level)
            ? level
            : throw new ApiRequestException(
                $"change options: {DatapathOption.MonitorAggregationLevel}: '{value}' is none of "
                    + $"{string.Join(", ", Enum.GetNames<Aggregation>())}");

    private static SortedDictionary<string, string> Describe(EventMask events)
    {
        SortedDictionary<string, string> options = new(StringComparer.Ordinal);
        foreach ((string name, EventMask mask) in s_switches)
        {
            options[name] = (events & mask) == mask ? DatapathOption.Enabled : DatapathOption.Disabled;
        }

        return options;
    }

    private static bool? ParseSwitch(string value) => value.ToUpperInvariant() switch
    {
        "ENABLED" or "TRUE" or "ON" or "1" => true,
        "DISABLED" or "FALSE" or "OFF" or "0" => false,
        _ => null,
    };
}
