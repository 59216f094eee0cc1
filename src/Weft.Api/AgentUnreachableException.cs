using System.Net.Sockets;

namespace Weft.Api;

/// <summary>No agent answers on the socket. The message says what to do about it.</summary>
public sealed class AgentUnreachableException : Exception
{
    public AgentUnreachableException(string socketPath, Exception cause)
        : base($"connect to the agent, on {socketPath}: {Why(cause)}", cause) => SocketPath = socketPath;

    public string SocketPath { get; }

    private static string Why(Exception cause) => cause switch
    {
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.HostNotFound } or FileNotFoundException
            => "no such socket (is weft-agent running on this node? give its socket with --socket, or a lab's node with --lab and --node)",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            => "nobody listens there (weft-agent has ended without removing its socket: start it again)",
        SocketException { SocketErrorCode: SocketError.AccessDenied }
            => "permission denied (the socket is root's: run as root)",
        ArgumentException => $"{cause.Message} (choose a shorter path)",
        OperationCanceledException or TimeoutException => "no answer in time (does weft-agent hang? look at its log)",
        _ => $"{cause.Message} (does weft-agent still run? look at its log)",
    };
}
