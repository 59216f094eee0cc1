namespace Weft.Model.Yaml;

public sealed record YamlMap(int Line, IReadOnlyList<KeyValuePair<YamlText, YamlValue>> Entries) : YamlValue(Line)
{
    public override string Kind => "a map";
}
