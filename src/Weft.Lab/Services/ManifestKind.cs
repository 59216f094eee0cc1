namespace Weft.Lab.Services;

/// <summary>Kinds of objects that a lab's store takes.</summary>
public enum ManifestKind
{
    Service,
    EndpointSlice,
}
