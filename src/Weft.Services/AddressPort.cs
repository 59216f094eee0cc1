using System.Net;

namespace Weft.Services;

internal static class AddressPort
{
    /// <summary>`10.0.1.7:80` and `[fd00::7]:80`.</summary>
    public static string Text(IPAddress address, ushort port) => new IPEndPoint(address, port).ToString();
}
