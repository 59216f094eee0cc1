namespace Weft.Cni.Protocol;

/// <summary>What a runtime can ask for, in <c>CNI_COMMAND</c>.</summary>
internal enum CniVerb
{
    Add,
    Del,
    Check,
    Status,
    GC,
    Version,
}
