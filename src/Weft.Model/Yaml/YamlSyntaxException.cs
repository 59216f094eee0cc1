namespace Weft.Model.Yaml;

/// <summary>A text that is no YAML, or none of the kind that is read here.</summary>
public sealed class YamlSyntaxException(DocumentError error) : Exception(error.Message)
{
    public DocumentError Error => error;
}
