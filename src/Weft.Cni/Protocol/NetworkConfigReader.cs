using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Model.Labels;

namespace Weft.Cni.Protocol;

/// <summary>Reads the network configuration from standard input and checks it.</summary>
internal static class NetworkConfigReader
{
    /// <summary>Bound on what is read into memory; 10,000 attachments in a GC take as much.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>What sockaddr_un holds besides the zero at its end (unix(7)).</summary>
    private const int MaxSocketPath = 107;

    /// <exception cref="CniException">It cannot be read, or is not a JSON object with values of the right kinds.</exception>
    public static NetworkConfig Read(Stream input, CniVerb verb)
    {
        byte[] text = ReadAll(input);
        return text.Length == 0 && verb == CniVerb.Version ? new NetworkConfig() : Decode(text);
    }

    /// <exception cref="CniException">A key is missing, malformed, or asks for what this plugin does not do.</exception>
    public static void Check(NetworkConfig config, CniVerb verb)
    {
        // STATUS gets the name too, but nothing depends on it.
        if (verb != CniVerb.Status && !CniAttachment.Identifier().IsMatch(config.Name ?? ""))
        {
            throw Invalid($"name '{Printable.Excerpt(config.Name)}': letters, digits, '_', '.' and '-' only, a letter or digit first");
        }

        if (!Path.IsPathFullyQualified(config.AgentSocket) || Encoding.UTF8.GetByteCount(config.AgentSocket) > MaxSocketPath)
        {
            throw Invalid($"socket '{Printable.Excerpt(config.Socket)}': give the absolute path of the agent's socket, at most {MaxSocketPath} bytes");
        }

        if (verb == CniVerb.Add && config.Ipam.ValueKind == JsonValueKind.Object && config.Ipam.EnumerateObject().Any())
        {
            throw new CniException(
                CniErrorCode.UnsupportedField, $"unsupported field in the network configuration: ipam: {config.Ipam.GetRawText()}",
                "the agent gives pods their addresses, from the node's pod CIDR: remove 'ipam'");
        }
    }

    /// <summary>Decodes a part of the configuration that only some verbs need.</summary>
    public static T DecodePart<T>(JsonElement part, string key, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return part.Deserialize(type) ?? throw Invalid($"{key}: it is null");
        }
        catch (JsonException e)
        {
            throw new CniException(CniErrorCode.Decoding, $"decode '{key}' of the network configuration", e.Message);
        }
    }

    internal static NetworkConfig Decode(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CniJson.Default.NetworkConfig)
                ?? throw new CniException(CniErrorCode.Decoding, "decode the network configuration: it is null");
        }
        catch (JsonException e)
        {
            throw new CniException(CniErrorCode.Decoding, "decode the network configuration on standard input", e.Message);
        }
    }

    private static byte[] ReadAll(Stream input)
    {
        byte[] buffer = new byte[MaxBytes + 1];
        int length;
        try
        {
            length = input.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (IOException e)
        {
            throw new CniException(CniErrorCode.Io, "read the network configuration from standard input", e.Message);
        }

        return length <= MaxBytes
            ? buffer[..length]
            : throw new CniException(CniErrorCode.Decoding, $"decode the network configuration: it is longer than {MaxBytes} bytes");
    }

    private static CniException Invalid(string problem) => new(CniErrorCode.InvalidConfig, $"invalid network configuration: {problem}");
}
