namespace Weft.Model.Yaml;

/// <summary>What a text may be at most to be read at all.</summary>
/// <param name="LongestText">In characters.</param>
/// <param name="Deepest">Levels of lists and maps.</param>
public readonly record struct YamlLimits(int LongestText, int Deepest);
