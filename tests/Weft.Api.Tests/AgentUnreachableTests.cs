using System.Net.Sockets;

namespace Weft.Api.Tests;

public sealed class AgentUnreachableTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-api-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Missing_socket_asks_whether_the_agent_runs()
    {
        string path = Path.Combine(_directory.FullName, "none.sock");

        AgentUnreachableException e = await UnreachableAsync(path);

        Assert.StartsWith($"connect to the agent, on {path}: no such socket (is weft-agent running", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_directory_is_a_missing_socket()
    {
        AgentUnreachableException e = await UnreachableAsync(Path.Combine(_directory.FullName, "none", "weft.sock"));

        Assert.Contains("no such socket", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_that_nobody_serves_says_so()
    {
        string path = Path.Combine(_directory.FullName, "stale.sock");
        using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        AgentUnreachableException e = await UnreachableAsync(path + ".kept");

        Assert.Contains("nobody listens there", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_that_no_socket_can_have_is_named()
    {
        string path = "/" + new string('x', 200);

        AgentUnreachableException e = await UnreachableAsync(path);

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peer_that_hangs_up_without_an_answer_is_unreachable()
    {
        string path = Path.Combine(_directory.FullName, "rude.sock");
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Task rude = Task.Run(() => HangUpOnEverybody(listener));

        AgentUnreachableException e = await UnreachableAsync(path);
        listener.Dispose();
        await rude;

        Assert.Contains("does weft-agent still run", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_who_gives_up_gets_a_cancellation_instead()
    {
        using AgentClient client = new(Path.Combine(_directory.FullName, "none.sock"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetStatusAsync(new CancellationToken(canceled: true)));
    }

    private static void HangUpOnEverybody(Socket listener)
    {
        try
        {
            while (true)
            {
                using Socket client = listener.Accept();
                client.Receive(new byte[64]);
            }
        }
        catch (SocketException)
        {
            // The listener was disposed: the test is over.
        }
    }

    private static async Task<AgentUnreachableException> UnreachableAsync(string path)
    {
        using AgentClient client = new(path);
        return await Assert.ThrowsAsync<AgentUnreachableException>(() => client.GetStatusAsync());
    }
}
