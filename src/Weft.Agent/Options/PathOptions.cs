namespace Weft.Agent.Options;

/// <summary>Where one agent keeps its things; two agents of one machine differ in all three.</summary>
internal sealed record PathOptions(string Socket, string StateDirectory, string BpfRoot)
{
    public const string DefaultSocket = "/run/weft/weft.sock";
    public const string DefaultStateDirectory = "/var/lib/weft";
    public const string DefaultBpfRoot = "/sys/fs/bpf/weft";
    public const string DefaultStore = "sqlite:///var/lib/weft/store.db";

    /// <summary>Held for the agent's life: a second agent for the same node finds it taken.</summary>
    public string LockFile => Path.Combine(StateDirectory, "agent.lock");
}
