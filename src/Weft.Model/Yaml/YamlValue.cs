namespace Weft.Model.Yaml;

/// <summary>A value of a YAML document with the line that it begins on (from 1).</summary>
public abstract record YamlValue(int Line)
{
    /// <summary>What a message calls it.</summary>
    public abstract string Kind { get; }

    /// <summary>Nothing, '~' or 'null': the same as a field that is not there.</summary>
    public bool IsNull => this is YamlText { IsPlain: true, Text: "" or "~" or "null" };
}
