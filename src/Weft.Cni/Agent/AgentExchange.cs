using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using Weft.Api;

namespace Weft.Cni.Agent;

/// <summary>One request to the agent and its answer, HTTP/1.1 on the agent's socket, all on the calling thread.</summary>
/// <remarks>
/// Its own, because a general client sends the whole body before it reads the answer (docs/decisions/0502-an-add-ends-with-its-request.md).
/// Throws <see cref="SocketException"/> where the agent is not there or goes.
/// </remarks>
internal sealed class AgentExchange : IDisposable
{
    private const int MaxHead = 16 << 10;
    private const int MaxBody = 16 << 20;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
    {
        SendTimeout = (int)AgentClient.AnswerTimeout.TotalMilliseconds,
        ReceiveTimeout = (int)AgentClient.AnswerTimeout.TotalMilliseconds,
    };

    private byte[] _buffer = new byte[4096];
    private int _length;

    public void Connect(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>Sends the request. An open one goes on until <see cref="End"/>.</summary>
    public void Send(string method, string path, ReadOnlySpan<byte> body, bool isOpen)
    {
        string framing = isOpen ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
        string type = body.IsEmpty ? "" : "Content-Type: application/json\r\n";
        string chunk = isOpen ? $"{body.Length:x}\r\n" : "";
        byte[] head = Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: weft\r\nConnection: close\r\n{type}{framing}\r\n\r\n{chunk}");
        SendAll([.. head, .. body, .. isOpen ? "\r\n"u8 : []]);
    }

    /// <summary>Tells the agent that its answer has arrived where it should.</summary>
    public void End() => SendAll("0\r\n\r\n"u8);

    /// <exception cref="InvalidDataException">What comes is no answer of an agent.</exception>
    public AgentAnswer Receive()
    {
        int head;
        while ((head = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Require(_length < MaxHead, "its head does not end");
            if (!ReceiveMore())
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }
        }

        (int status, int? length) = ReadHead(Encoding.ASCII.GetString(_buffer, 0, head).Split("\r\n"));
        int begin = head + 4;
        while (length is not { } known || _length - begin < known)
        {
            Require(_length - begin <= MaxBody, "it is too long");
            if (!ReceiveMore())
            {
                return length is null ? new AgentAnswer(status, _buffer.AsMemory(begin, _length - begin))
                    : throw new SocketException((int)SocketError.ConnectionReset);
            }
        }

        return new AgentAnswer(status, _buffer.AsMemory(begin, length.Value));
    }

    public void Dispose() => _socket.Dispose();

    private static (int Status, int? Length) ReadHead(string[] lines)
    {
        const string Version = "HTTP/1.1 ";
        string first = lines[0];
        bool isStatus = Utf8Parser.TryParse(Encoding.ASCII.GetBytes(first.Length > Version.Length ? first[Version.Length..] : ""), out int status, out _);
        Require(isStatus && first.StartsWith(Version, StringComparison.Ordinal), "it is not HTTP/1.1");
        int? length = status == 204 ? 0 : null;
        foreach (string line in lines.Skip(1))
        {
            string[] parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
            Require(!parts[0].Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase), "it comes in chunks");
            if (parts[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                Require(int.TryParse(parts[^1], out int value) && value is >= 0 and <= MaxBody, "its length is out of range");
                length = int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return (status, length);
    }

    private bool ReceiveMore()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int received = _socket.Receive(_buffer.AsSpan(_length));
        _length += received;
        return received > 0;
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidDataException($"read the agent's answer: {problem} (are weft-cni and weft-agent of one version?)");
        }
    }
}
