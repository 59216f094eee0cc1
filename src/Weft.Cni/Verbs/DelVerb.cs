using Weft.Cni.Agent;
using Weft.Cni.Deferred;
using Weft.Cni.Protocol;

namespace Weft.Cni.Verbs;

/// <summary>DEL: the attachment is gone afterwards, or will be when the agent is back.</summary>
internal static class DelVerb
{
    public static void Run(AgentCalls agent, NetworkConfig config, CniAttachment attachment)
    {
        try
        {
            agent.Delete(attachment.EndpointName);
        }
        catch (AgentLostException)
        {
            DeletionNote.Leave(config.AgentSocket, attachment);
        }
    }
}
