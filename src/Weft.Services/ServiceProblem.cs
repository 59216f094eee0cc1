using Weft.Model.Services;

namespace Weft.Services;

/// <summary>Something of a service that cannot be as it says; the rest of it works.</summary>
public sealed record ServiceProblem(ResourceName Service, string Message)
{
    public override string ToString() => $"service {Service}: {Message}";
}
