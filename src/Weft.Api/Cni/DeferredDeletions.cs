namespace Weft.Api.Cni;

/// <summary>Where the CNI plugin leaves deletions that the agent was not there for: empty files, named <c>CONTAINER:INTERFACE</c>.</summary>
/// <remarks>The name is all there is to know, so one system call writes it and nothing is ever half there.</remarks>
public static class DeferredDeletions
{
    /// <summary>At a time; a node has no more pods.</summary>
    public const int Max = 4096;

    /// <summary>Longest container id that fits into a file's name with the longest name of a device.</summary>
    public const int MaxContainerId = 255 - 1 - 15;

    /// <summary>Beside the agent's socket, which both sides know.</summary>
    public static string DirectoryOf(string socket) => socket + ".deletions";

    /// <summary>Neither container ids of the CNI nor names of devices have a colon.</summary>
    public static string NameOf(string containerId, string containerInterface) => $"{containerId}:{containerInterface}";
}
