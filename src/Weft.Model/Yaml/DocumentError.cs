namespace Weft.Model.Yaml;

/// <summary>One thing that is wrong in a text that somebody wrote.</summary>
/// <param name="Line">Counted from 1.</param>
public readonly record struct DocumentError(int Line, string Message);
