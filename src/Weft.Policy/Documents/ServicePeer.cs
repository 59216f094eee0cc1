namespace Weft.Policy.Documents;

/// <summary>What is behind services.</summary>
/// <param name="Namespace">Null: of any namespace, which only a selector can mean.</param>
/// <param name="Name">Null where <paramref name="Selector"/> selects by the services' labels.</param>
public sealed record ServicePeer(string Path, int Line, string? Namespace, string? Name, LabelSelector? Selector) : PolicyPeer(Path, Line)
{
    public override string ToString() => Name is not null
        ? $"service {Namespace}/{Name}"
        : $"services {Selector}{(Namespace is null ? "" : $" of {Namespace}")}";
}
