using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Api;

namespace Weft.Cli.Output;

/// <summary>Prints documents as indented JSON with every character that JSON allows as itself.</summary>
internal static class JsonOutput
{
    /// <summary>The API's documents, for printing.</summary>
    public static ApiJson Api { get; } = new(ForPeople(ApiJson.Default.Options));

    /// <summary>Documents of the command line's own, for printing.</summary>
    public static CliJson Cli { get; } = new(ForPeople(CliJson.Default.Options));

    /// <summary>Documents of the command line's own, an object a line.</summary>
    public static CliJson Lines { get; } = new(new JsonSerializerOptions(CliJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });

    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type) =>
        output.WriteLine(JsonSerializer.Serialize(value, type));

    private static JsonSerializerOptions ForPeople(JsonSerializerOptions options) =>
        new(options)
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,

            // A context is to be made from these options, and the options belong to another one so far.
            TypeInfoResolver = null,
        };
}
