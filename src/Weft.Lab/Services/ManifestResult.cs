namespace Weft.Lab.Services;

/// <summary>As kubectl calls it.</summary>
public enum ManifestResult
{
    Created,

    /// <summary>It was there, and is another now.</summary>
    Configured,
    Unchanged,
    Deleted,

    /// <summary>To be deleted, and not there.</summary>
    NotFound,
}
