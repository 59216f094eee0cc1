using Weft.Api.Cni;
using Weft.Cni.Protocol;
using Weft.Linux;

namespace Weft.Cni.Deferred;

/// <summary>Leaves word on disk that an attachment is to be deleted; the agent does it when it is back.</summary>
internal static class DeletionNote
{
    /// <exception cref="CniException">It cannot be written, or there are too many already.</exception>
    public static void Leave(string socket, CniAttachment attachment)
    {
        string directory = DeferredDeletions.DirectoryOf(socket);
        string note = Path.Combine(directory, DeferredDeletions.NameOf(attachment.ContainerId, attachment.Interface));
        try
        {
            PrivateDirectory.Ensure(directory);
            if (!File.Exists(note) && Directory.EnumerateFiles(directory).Count() >= DeferredDeletions.Max)
            {
                throw Impossible($"{DeferredDeletions.Max} deletions wait for the agent already (start weft-agent)");
            }

            using FileStream file = new(note, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw Impossible(e.Message);
        }

        CniException Impossible(string why) => new(
            CniErrorCode.TryAgainLater, $"remember to delete {attachment.ContainerId}:{attachment.Interface}, as the agent does not answer", why);
    }
}
