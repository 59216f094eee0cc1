using System.Diagnostics;
using System.Globalization;
using Weft.Lab.Programs;

namespace EndToEnd.Harness;

/// <summary>A client program in a pod, on a node or outside, that calls servers as it is told (see <c>caller.py</c>).</summary>
internal sealed class Caller : IDisposable
{
    private static readonly string[] s_command = ["python3", "-I", "-S", "-u", Path.Combine(AppContext.BaseDirectory, "Harness", "caller.py")];
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly Process _program;
    private readonly string _where;

    private Caller(string where, Process program)
    {
        _where = where;
        _program = program;
        ReadLine();
    }

    /// <summary>As all that runs there: in the cgroup of its node, where services are translated at the socket.</summary>
    public static Caller Start(LabMember member) => new(member.Name, member.Start(s_command));

    /// <summary>In the network namespace only, so that its packets have to be translated.</summary>
    public static Caller StartOutsideCgroup(LabMember member) =>
        new($"{member.Name} by packet", WeftProgram.Start("ip", ["netns", "exec", member.Netns, .. s_command]));

    /// <summary>Does something that has to work.</summary>
    public Answer Do(string command)
    {
        Answer answer = Try(command);
        return answer.Error is null ? answer : throw new InvalidOperationException($"'{command}' in {_where}: {answer}");
    }

    public Answer Try(string command)
    {
        _program.StandardInput.WriteLine(command);
        _program.StandardInput.Flush();
        return Answer.Parse(ReadLine());
    }

    /// <param name="kind">tcp, udp (connected) or sendto (UDP that is not).</param>
    public Answer Call(string kind, string address, int port, int size = 100) => Do(CallCommand(kind, address, port, size));

    public Answer TryCall(string kind, string address, int port, int size = 100) => Try(CallCommand(kind, address, port, size));

    public void Dispose()
    {
        _program.Kill(entireProcessTree: true);
        _program.WaitForExit();
        _program.Dispose();
    }

    private static string CallCommand(string kind, string address, int port, int size) =>
        string.Create(CultureInfo.InvariantCulture, $"call {kind} {address} {port} {size}");

    private string ReadLine()
    {
        Task<string?> line = _program.StandardOutput.ReadLineAsync();
        if (!line.Wait(s_deadline))
        {
            throw new TimeoutException($"the caller in {_where} says nothing for {s_deadline.TotalSeconds} s");
        }

        return line.Result ?? throw new InvalidOperationException($"the caller in {_where} ended: {_program.StandardError.ReadToEnd().Trim()}");
    }
}
