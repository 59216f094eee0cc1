namespace Weft.Cli.Cni;

/// <summary>Of what is installed: root writes, everybody reads.</summary>
internal static class FileModes
{
    public const UnixFileMode Data = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    public const UnixFileMode Program = Data | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
