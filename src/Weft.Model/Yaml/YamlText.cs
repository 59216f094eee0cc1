namespace Weft.Model.Yaml;

/// <param name="IsPlain">Written without quotes.</param>
public sealed record YamlText(int Line, string Text, bool IsPlain = true) : YamlValue(Line)
{
    public override string Kind => "a single value";
}
