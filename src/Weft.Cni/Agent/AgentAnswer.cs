namespace Weft.Cni.Agent;

/// <summary>Status and body of an answer.</summary>
internal readonly record struct AgentAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status is >= 200 and <= 299;
}
