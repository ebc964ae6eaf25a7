using System.Text.Json.Nodes;
using Kessan.CacheHost.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kessan.CacheHost.OpenApi;

/// <summary>What the description says beside its operations: title, ways to show a key, the form of a problem.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public const string Bearer = "bearer";
    public const string Header = "header";
    public const string ProblemSchema = "Problem";

    /// <summary>The types that a problem may have, here or in one answer.</summary>
    public static OpenApiSchema TypeSchema(IEnumerable<ProblemKind> kinds) => new()
    {
        Type = JsonSchemaType.String,
        Description = "The kind; stable.",
        Enum = [.. kinds.Select(static kind => (JsonNode)kind.Type)],
    };

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Kessan cache service",
            Version = "v1",
            Description = "A cache of two layers, lent over HTTP. Times are seconds unless a name says otherwise; failures are problems of RFC 9457 with a stable type.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." },
            [Header] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "An API key." },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "type", "title", "status" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = TypeSchema(ProblemKind.All),
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["limit_name"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The name of a broken limit in the configuration." },
                ["limit"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "That limit." },
                ["usage"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "Of a quota: what was charged in this window." },
                ["remaining"] = new OpenApiSchema { Type = JsonSchemaType.Integer | JsonSchemaType.Null, Description = "Of a quota: what is left." },
                ["reset"] = new OpenApiSchema { Type = JsonSchemaType.Number, Description = "Of a quota: seconds until the window ends." },
                ["local"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Of a quota, only when true: Redis is away, and this is what this replica alone knows." },
                ["trace_id"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The trace of the request (W3C Trace Context); where nothing is traced, the server's own name of the request." },
            },
        };
        return Task.CompletedTask;
    }
}
