using Scalar.AspNetCore;

namespace Kessan.CacheHost.OpenApi;

internal static class ApiDescription
{
    /// <summary>Describes the API (OpenAPI 3.1) with its security and its problems.</summary>
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1");

    /// <summary>Maps the description and a page that shows it, open to all.</summary>
    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference().AllowAnonymous();
    }
}
