using System.Text.Json;

namespace Weft.Policy.Explaining;

/// <summary>Writes texts so that every reader of YAML takes them for texts.</summary>
internal static class YamlScalar
{
    private static readonly string[] s_words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    public static string Of(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/')
        && !s_words.Contains(text, StringComparer.OrdinalIgnoreCase) ? text : $"\"{JsonEncodedText.Encode(text)}\"";
}
