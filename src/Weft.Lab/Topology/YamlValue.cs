namespace Weft.Lab.Topology;

/// <summary>A value of a YAML document with the line that it begins on (from 1).</summary>
internal abstract record YamlValue(int Line)
{
    /// <summary>What a message calls it.</summary>
    public abstract string Kind { get; }
}

internal sealed record YamlText(int Line, string Text) : YamlValue(Line)
{
    public override string Kind => "a single value";
}

internal sealed record YamlList(int Line, IReadOnlyList<YamlValue> Items) : YamlValue(Line)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(int Line, IReadOnlyList<KeyValuePair<YamlText, YamlValue>> Entries) : YamlValue(Line)
{
    public override string Kind => "a map";
}
