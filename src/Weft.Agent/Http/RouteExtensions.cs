using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Weft.Agent.Http;

/// <summary>Handlers that take the bare context: no binding, so nothing that native compilation would have to foresee.</summary>
internal static class RouteExtensions
{
    public static void Handle(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler) =>
        routes.MapMethods(pattern, [method], handler);

    /// <summary>A value from the path, with the slash that travels as %2F.</summary>
    public static string PathValue(this HttpContext context, string name) =>
        ((string)context.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
