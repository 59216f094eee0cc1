using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Cni.Hosting;
using Weft.Cni.Protocol;
using Weft.Linux;

namespace Weft.Cni.Results;

/// <summary>Writes the one document of a call to standard output.</summary>
internal static class AnswerWriter
{
    /// <summary>Messages quote names; the output is no HTML, so the quotes stay as they are.</summary>
    public static CniJson Json { get; } = new(new JsonSerializerOptions(CniJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <exception cref="CniException">The runtime has hung up.</exception>
    public static void Write<T>(CniHost host, T document, JsonTypeInfo<T> type)
    {
        byte[] text = [.. JsonSerializer.SerializeToUtf8Bytes(document, type), (byte)'\n'];
        try
        {
            host.Output.Write(text);
        }
        catch (LinuxException e)
        {
            throw new CniException(CniErrorCode.Io, "write the result to standard output", e.Message);
        }
    }
}
