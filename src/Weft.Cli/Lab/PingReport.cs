namespace Weft.Cli.Lab;

/// <summary>One probe of <c>weft lab ping -o json</c>.</summary>
/// <param name="Ttl">Null without an answer, as the time.</param>
internal sealed record PingReport(
    string Source, string Destination, string Address, bool Reached, int? Ttl, double? Milliseconds, string? Error);
