using Weft.Cni.Agent;
using Weft.Cni.Hosting;
using Weft.Cni.Protocol;
using Weft.Cni.Results;
using Weft.Cni.Verbs;

namespace Weft.Cni;

/// <summary>One call of the plugin: reads what the runtime asks, does it, and answers as the CNI specification says.</summary>
internal static class CniPlugin
{
    /// <returns>The exit code: 0, or 1 with an error on standard output.</returns>
    public static int Run(CniHost host)
    {
        // Until the configuration has named a version, errors are in the newest that this plugin speaks.
        string version = CniVersion.Newest;
        try
        {
            CniVerb verb = CniEnvironment.ReadVerb(host.Variable);
            NetworkConfig config = NetworkConfigReader.Read(host.Input, verb);
            if (verb == CniVerb.Version)
            {
                AnswerWriter.Write(host, VersionResult.Answer(config.CniVersion), AnswerWriter.Json.VersionResult);
                return 0;
            }

            version = CniVersion.Negotiate(config.CniVersion);
            CniVersion.Require(version, verb);
            NetworkConfigReader.Check(config, verb);
            Run(verb, config, host);
            return 0;
        }
        catch (CniException e)
        {
            return Fail(host, new ErrorResult(version, e.Code, e.Message, e.Details));
        }
        catch (AgentLostException e)
        {
            return Fail(host, new ErrorResult(version, CniErrorCode.TryAgainLater, e.Message, e.Details));
        }
        catch (Exception e) // the edge of the program: the runtime must get an answer that it can read
        {
            return Fail(host, new ErrorResult(version, CniErrorCode.Failed, $"weft-cni has a defect: {e.Message}", e.ToString()));
        }
    }

    private static void Run(CniVerb verb, NetworkConfig config, CniHost host)
    {
        AgentCalls agent = new(config.AgentSocket);
        switch (verb)
        {
            case CniVerb.Add:
                AddVerb.Run(
                    agent, config, CniEnvironment.ReadAttachment(verb, host.Variable),
                    result => AnswerWriter.Write(host, result, AnswerWriter.Json.AddResult));
                break;
            case CniVerb.Del:
                DelVerb.Run(agent, config, CniEnvironment.ReadAttachment(verb, host.Variable));
                break;
            case CniVerb.Check:
                CheckVerb.Run(agent, config, CniEnvironment.ReadAttachment(verb, host.Variable));
                break;
            case CniVerb.Status:
                StatusVerb.Run(agent);
                break;
            case CniVerb.GC:
                GcVerb.Run(agent, config);
                break;
        }
    }

    private static int Fail(CniHost host, ErrorResult error)
    {
        host.Error.WriteLine($"weft-cni: {error.Message}{(error.Details is null ? "" : $": {error.Details}")}");
        try
        {
            AnswerWriter.Write(host, error, AnswerWriter.Json.ErrorResult);
        }
        catch (CniException)
        {
            // Nobody reads: the exit code is all that is left to tell.
        }

        return 1;
    }
}
