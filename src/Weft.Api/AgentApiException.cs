using System.Net;

namespace Weft.Api;

/// <summary>The agent answered, and refused. The message is the agent's own.</summary>
public sealed class AgentApiException : Exception
{
    public AgentApiException(HttpStatusCode status, ApiError error)
        : base(error.Message)
    {
        Status = status;
        Code = error.Code;
    }

    public HttpStatusCode Status { get; }

    /// <summary>A word for programs, as <c>endpoint-not-found</c>.</summary>
    public string Code { get; }
}
