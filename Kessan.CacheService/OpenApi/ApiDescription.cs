using System.Text.Json;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Kessan.CacheHost.OpenApi;

internal static class ApiDescription
{
    /// <summary>Describes the API (OpenAPI 3.1) from the metadata of its endpoints.</summary>
    public static void AddApiDescription(this IServiceCollection services)
    {
        // The description reads the names of properties from here; bodies are read and written by ServiceJson and StatusJson.
        services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        services.AddOpenApi("v1", static options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer<ApiDocument>();
            options.AddOperationTransformer<DocumentedOperation>();
        });
    }

    /// <summary>Maps the description and a page that shows it, open to all.</summary>
    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference().AllowAnonymous();
    }
}
