using Weft.Control.Controllers;
using Weft.Control.Pods;
using Weft.Cri;

namespace Weft.Control.Node;

/// <content>Pods of a container runtime.</content>
public sealed partial class NodeAgent
{
    /// <summary>A runtime on the same machine that takes longer is asked again.</summary>
    private static readonly TimeSpan s_runtimeAnswer = TimeSpan.FromSeconds(5);

    private void StartPodLabels(string criSocket)
    {
        CriRuntime runtime = Own(new CriRuntime(criSocket));
        PodLabeler labeler = new(
            (id, token) => runtime.ListSandboxesAsync(id, s_runtimeAnswer, token), () => Endpoints.Table.All, Endpoints.ChangeLabelsAsync, _clock, _loggers);
        Endpoints.Created += labeler.EndpointCreated;
        Controllers.Start(new ControllerSpec(PodLabeler.ControllerName, labeler.FollowAsync) { RetryMax = TimeSpan.FromSeconds(5) });
    }
}
