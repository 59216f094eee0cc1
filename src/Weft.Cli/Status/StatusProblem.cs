using Weft.Api.Status;

namespace Weft.Cli.Status;

/// <summary>Decides whether a node is well.</summary>
internal static class StatusProblem
{
    /// <returns>The first part that is not as it should be, or null.</returns>
    public static string? Find(StatusResponse status)
    {
        (string Name, ComponentStatus? Status)[] parts =
        [
            ("kvstore", status.Kvstore),
            ("container runtime", status.ContainerRuntime),
            ("weft", status.Agent),
            ("health daemon", status.Cluster?.Health),
        ];
        foreach ((string name, ComponentStatus? part) in parts)
        {
            if (part is { State: not (ComponentState.Ok or ComponentState.Disabled) })
            {
                return $"{name}: {part.State}   {part.Message}".TrimEnd();
            }
        }

        return status.Kubernetes is { State: ComponentState.Failure or ComponentState.Warning } kubernetes
            ? $"kubernetes: {kubernetes.State}   {kubernetes.Message}".TrimEnd()
            : null;
    }
}
