using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Weft.Linux;

/// <summary>Kernel settings below <c>/proc/sys</c>. Those of <c>net/</c> belong to the network namespace of the calling thread.</summary>
/// <remarks>Names are paths (<c>net/ipv4/conf/flannel.1/rp_filter</c>): the form with dots is ambiguous for devices with a dot.</remarks>
public static class Sysctl
{
    private const string Root = "/proc/sys/";

    /// <returns>Null if the kernel has no such setting: the feature is not built in, or the device does not exist.</returns>
    public static string? Read(string name)
    {
        try
        {
            return File.ReadAllText(PathOf(name)).TrimEnd('\n');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <returns>False if the kernel has no such setting.</returns>
    /// <exception cref="LinuxException">The kernel refuses the value.</exception>
    public static bool Write(string name, string value)
    {
        try
        {
            // Neither created nor cut nor locked, as File.WriteAllText would: four calls of the kernel less, and a pod has a dozen settings.
            using SafeFileHandle file = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(value), fileOffset: 0);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            throw new LinuxException($"set {name} to '{value}'", Errno.EACCES, "run as root");
        }
        catch (IOException exception)
        {
            // On Linux .NET keeps the error number in the exception's HResult.
            throw new LinuxException($"set {name} to '{value}'", (Errno)exception.HResult);
        }
    }

    private static string PathOf(string name) => name.Contains("..", StringComparison.Ordinal) || name.StartsWith('/')
        ? throw new ArgumentException($"kernel setting '{name}': not a name such as net/ipv4/ip_forward", nameof(name))
        : Root + name;
}
