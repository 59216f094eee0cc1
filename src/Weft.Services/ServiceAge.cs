using Weft.Model.Services;

namespace Weft.Services;

/// <summary>Order of services for the case that two claim one frontend: the older keeps it, and the name decides between equals.</summary>
/// <param name="Created">Position of its creation in the store's order of changes.</param>
internal sealed record ServiceAge(long Created, ResourceName Name) : IComparable<ServiceAge>
{
    public int CompareTo(ServiceAge? other)
    {
        int order = Created.CompareTo(other?.Created ?? long.MinValue);
        return order != 0 ? order : Name.CompareTo(other?.Name);
    }
}
