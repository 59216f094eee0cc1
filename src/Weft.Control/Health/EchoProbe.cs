using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Weft.Control.Health;

/// <summary>Asks the stack behind an address for an ICMP echo.</summary>
internal sealed class EchoProbe(TimeProvider clock)
{
    private const string TimedOut = "Connection timed out";

    /// <summary>A single lost packet makes no node unreachable: how long each of the requests is waited for.</summary>
    private static readonly TimeSpan[] s_tries = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)];

    private static readonly byte[] s_payload = "weft health probe"u8.ToArray();

    /// <inheritdoc cref="HealthProber.Probe"/>
    public async Task<ProbeResult> RunAsync(IPAddress address, CancellationToken deadline)
    {
        string error = TimedOut;
        using Ping ping = new();
        foreach (TimeSpan wait in s_tries)
        {
            long start = clock.GetTimestamp();
            try
            {
                PingReply reply = await ping.SendPingAsync(address, wait, s_payload, options: null, deadline).ConfigureAwait(false);
                if (reply.Status == IPStatus.Success)
                {
                    return new ProbeResult(clock.GetElapsedTime(start), null, clock.GetUtcNow());
                }

                error = reply.Status == IPStatus.TimedOut ? TimedOut : $"ICMP answer {reply.Status}";
            }
            catch (PingException failure)
            {
                // No route, or the way is administratively closed: the kernel knows at once, and asking again changes nothing.
                return Failed((failure.InnerException as SocketException)?.Message ?? failure.Message);
            }
            catch (OperationCanceledException)
            {
                return Failed(TimedOut);
            }
        }

        return Failed(error);
    }

    private ProbeResult Failed(string error) => new(TimeSpan.Zero, error, clock.GetUtcNow());
}
