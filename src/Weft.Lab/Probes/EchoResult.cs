using System.Net;

namespace Weft.Lab.Probes;

/// <summary>What became of one echo request.</summary>
/// <param name="From">Who answered: the destination, or a router that sent an error; null: nobody in time.</param>
/// <param name="Error">Why it is no reply; null for a reply.</param>
/// <param name="TimeToLive">Of the packet that came back.</param>
/// <param name="Bytes">ICMP message that came back, header included.</param>
public sealed record EchoResult(IPAddress? From, string? Error, int TimeToLive, int Bytes, TimeSpan RoundTrip)
{
    public bool IsReply => Error is null;
}
