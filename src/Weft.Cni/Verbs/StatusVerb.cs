using Weft.Api.Cni;
using Weft.Cni.Agent;
using Weft.Cni.Protocol;

namespace Weft.Cni.Verbs;

/// <summary>STATUS: would an ADD succeed now?</summary>
internal static class StatusVerb
{
    public static void Run(AgentCalls agent)
    {
        CniStatus status;
        try
        {
            status = agent.GetStatus();
        }
        catch (AgentLostException e)
        {
            throw new CniException(CniErrorCode.NotAvailable, e.Message, e.Details);
        }

        if (!status.IsReady)
        {
            throw new CniException(
                status.IsLimited ? CniErrorCode.LimitedConnectivity : CniErrorCode.NotAvailable,
                $"this node can take no pods: {status.Reason}");
        }
    }
}
