using Weft.Model.Services;

namespace Weft.Services;

/// <summary>A port of a service: who a frontend belongs to.</summary>
/// <param name="Port">Empty where the service's only port has no name.</param>
public sealed record ServicePortName(ResourceName Service, string Port)
{
    public override string ToString() => Port.Length == 0 ? Service.ToString() : $"{Service}:{Port}";
}
