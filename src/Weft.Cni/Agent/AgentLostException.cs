namespace Weft.Cni.Agent;

/// <summary>The agent does not answer.</summary>
/// <param name="wasAsked">It had the request, or part of it: what it did of it is not known.</param>
internal sealed class AgentLostException(string message, string details, bool wasAsked) : Exception(message)
{
    public string Details { get; } = details;

    public bool WasAsked { get; } = wasAsked;
}
