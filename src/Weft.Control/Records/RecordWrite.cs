namespace Weft.Control.Records;

/// <summary>What a write to the store did.</summary>
public enum RecordWrite
{
    Created,
    Changed,
    /// <summary>It was there already, the same.</summary>
    Unchanged,
}
