namespace Weft.Agent.Startup;

/// <summary>A reason for the agent to end that a person can act on: printed as one line, without a stack trace.</summary>
internal sealed class AgentFailure : Exception
{
    public AgentFailure(string message)
        : base(message)
    {
    }

    public AgentFailure(string message, Exception inner)
        : base(message, inner)
    {
    }
}
