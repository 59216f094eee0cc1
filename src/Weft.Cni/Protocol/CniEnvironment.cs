using Weft.Api.Cni;
using Weft.Model.Labels;
using Weft.Netlink.Links;

namespace Weft.Cni.Protocol;

/// <summary>Checks the environment variables of a call, and tells all that is wrong with them at once.</summary>
internal static class CniEnvironment
{
    public static CniVerb ReadVerb(Func<string, string?> variable) => variable("CNI_COMMAND") switch
    {
        "ADD" => CniVerb.Add,
        "DEL" => CniVerb.Del,
        "CHECK" => CniVerb.Check,
        "STATUS" => CniVerb.Status,
        "GC" => CniVerb.GC,
        "VERSION" => CniVerb.Version,
        null or "" => throw Invalid("CNI_COMMAND is not set (weft-cni is called by container runtimes; people use 'weft')"),
        string other => throw Invalid($"CNI_COMMAND '{Printable.Excerpt(other)}': not ADD, DEL, CHECK, STATUS, GC or VERSION"),
    };

    /// <exception cref="CniException">A variable that the verb needs is missing or malformed.</exception>
    public static CniAttachment ReadAttachment(CniVerb verb, Func<string, string?> variable)
    {
        List<string> errors = [];
        string id = Required("CNI_CONTAINERID");
        Check(
            id.Length == 0 || (id.Length <= DeferredDeletions.MaxContainerId && CniAttachment.Identifier().IsMatch(id)),
            $"CNI_CONTAINERID '{Printable.Excerpt(id)}': at most {DeferredDeletions.MaxContainerId} letters, digits, '_', '.', '-', a letter or digit first");
        string device = Required("CNI_IFNAME");
        Check(
            device.Length == 0 || LinkName.IsValid(device),
            $"CNI_IFNAME '{Printable.Excerpt(device)}': no name of a device (at most {LinkName.MaxLength} characters, no '/', ':', space)");
        string netns = verb == CniVerb.Del ? variable("CNI_NETNS") ?? "" : Required("CNI_NETNS");
        Check(netns.Length == 0 || Path.IsPathFullyQualified(netns), $"CNI_NETNS '{Printable.Excerpt(netns)}': not an absolute path");
        CniArguments arguments = CniArguments.Parse(variable("CNI_ARGS"), out string? malformed);
        Check(malformed is null, malformed ?? "");
        return errors.Count == 0 ? new CniAttachment(id, device, netns, arguments) : throw Invalid(string.Join("; ", errors));

        string Required(string name)
        {
            string value = variable(name) ?? "";
            Check(value.Length > 0, $"{name} is not set");
            return value;
        }

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }

    private static CniException Invalid(string message) => new(CniErrorCode.InvalidEnvironment, message);
}
