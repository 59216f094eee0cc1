using System.Text.RegularExpressions;

namespace Weft.Cni.Protocol;

/// <summary>One interface of one container: what ADD, CHECK and DEL are about.</summary>
/// <param name="Netns">Path of the container's network namespace; empty where DEL comes after its end.</param>
internal sealed partial record CniAttachment(string ContainerId, string Interface, string Netns, CniArguments Arguments)
{
    /// <summary>The agent's name for it.</summary>
    public string EndpointName => $"cni-attachment-id:{ContainerId}:{Interface}";

    /// <summary>The specification's rule for container ids and network names.</summary>
    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    public static partial Regex Identifier();
}
