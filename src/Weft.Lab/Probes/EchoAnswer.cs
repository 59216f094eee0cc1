using System.Net;

namespace Weft.Lab.Probes;

/// <summary>A packet that answers a request.</summary>
/// <param name="Error">What it says instead of a reply; null for a reply.</param>
/// <param name="Bytes">ICMP message, header included.</param>
internal sealed record EchoAnswer(IPAddress From, string? Error, int TimeToLive, int Bytes);
