using System.Globalization;
using System.Text.Json.Nodes;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Security;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kessan.CacheHost.OpenApi;

/// <summary>Writes what the metadata of an endpoint says into its operation: answers, problems, header fields, bodies, security.</summary>
internal sealed class DocumentedOperation : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var hasBody = context.Description.HttpMethod != HttpMethods.Head;

        operation.Responses = [];
        foreach (var answer in metadata.OfType<AnswerDoc>())
        {
            operation.Responses[Key(answer.Status)] = await AnswerAsync(answer, hasBody, context, cancellationToken);
        }

        foreach (var problems in Problems(metadata, context).Distinct().GroupBy(static kind => kind.Status))
        {
            // A problem shares its status with an answer nowhere.
            operation.Responses[Key(problems.Key)] = Problem([.. problems], hasBody, context);
        }

        foreach (var header in metadata.OfType<HeaderDoc>()) AddHeader(operation, header);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) PathParameters.Describe(parameter);
        if (metadata.OfType<BodyDoc>().FirstOrDefault() is { } body) operation.RequestBody = await BodyAsync(body, context, cancellationToken);
        if (metadata.OfType<RequiredAccess>().FirstOrDefault() is { } access) Secure(operation, access, context);
    }

    private static IEnumerable<ProblemKind> Problems(IList<object> metadata, OpenApiOperationTransformerContext context)
    {
        yield return ProblemKind.InvalidRequest;
        yield return ProblemKind.Internal;
        if (NamesSomething(metadata, context))
        {
            yield return ProblemKind.InvalidKey;
            yield return ProblemKind.LimitExceeded;
            yield return ProblemKind.PrefixRefused;
        }

        if (metadata.OfType<RequiredAccess>().Any())
        {
            yield return ProblemKind.Unauthenticated;
            yield return ProblemKind.ScopeMissing;
        }

        if (metadata.OfType<LoadMark>().Any()) yield return ProblemKind.Overloaded;
        foreach (var problem in metadata.OfType<ProblemDoc>()) yield return problem.Kind;
    }

    // In its path or in a body of JSON: keys, tags, tickers, users.
    private static bool NamesSomething(IList<object> metadata, OpenApiOperationTransformerContext context)
        => context.Description.ParameterDescriptions.Any(static parameter => parameter.Source == BindingSource.Path)
            || metadata.OfType<BodyDoc>().Any();

    private static async Task<OpenApiResponse> AnswerAsync(
        AnswerDoc answer, bool hasBody, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var response = new OpenApiResponse { Description = answer.Description };
        if (hasBody && answer.ContentTypes.Length > 0)
        {
            response.Content = await ContentAsync(answer.ContentTypes, answer.Schema, answer.Example, context, cancellationToken);
        }

        foreach (var header in answer.Headers) AddHeader(response, header);
        AddHeader(response, KessanHeaders.Node);
        return response;
    }

    private static OpenApiResponse Problem(ProblemKind[] kinds, bool hasBody, OpenApiOperationTransformerContext context)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join("; ", kinds.DistinctBy(static kind => kind.Slug).Select(static kind => $"{kind.Title} ({kind.Type})")),
        };
        if (hasBody)
        {
            response.Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        AllOf = [new OpenApiSchemaReference(ApiDocument.ProblemSchema, context.Document)],
                        Properties = new Dictionary<string, IOpenApiSchema> { ["type"] = ApiDocument.TypeSchema(kinds) },
                    },
                    Example = new JsonObject
                    {
                        ["type"] = kinds[0].Type,
                        ["title"] = kinds[0].Title,
                        ["status"] = kinds[0].Status,
                    },
                },
            };
        }

        AddHeader(response, KessanHeaders.Node);
        foreach (var header in kinds.SelectMany(HeadersOf).Distinct()) AddHeader(response, header);
        return response;
    }

    private static string[] HeadersOf(ProblemKind kind) => kind.Status switch
    {
        401 => ["WWW-Authenticate"],
        415 when kind == ProblemKind.UnsupportedEncoding => ["Accept-Encoding"],
        404 or 409 or 412 => [KessanHeaders.Version],
        429 => ["Retry-After", "RateLimit", "RateLimit-Policy"],
        503 => ["Retry-After"],
        _ => [],
    };

    private static async Task<OpenApiRequestBody> BodyAsync(BodyDoc body, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) => new()
    {
        Required = body.Required,
        Description = body.Description,
        Content = await ContentAsync(body.ContentTypes, body.Schema, body.Example, context, cancellationToken),
    };

    private static async Task<Dictionary<string, OpenApiMediaType>> ContentAsync(
        string[] contentTypes, Type? type, string? example, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var contentType in contentTypes)
        {
            var isJson = contentType == Json;
            content[contentType] = new OpenApiMediaType
            {
                Schema = isJson && type is not null
                    ? await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken)
                    : isJson ? new OpenApiSchema { Type = JsonSchemaType.Object } : new OpenApiSchema(),
                Example = example is null || contentType == Caching.Storage.StoredEntryFormat.MediaType ? null : ToExample(example, contentType),
            };
        }

        return content;
    }

    private static JsonNode? ToExample(string example, string contentType)
        => contentType.StartsWith("text/", StringComparison.Ordinal) ? JsonValue.Create(example) : JsonNode.Parse(example);

    private static void AddHeader(OpenApiOperation operation, HeaderDoc header)
    {
        operation.Parameters ??= [];
        if (operation.Parameters.FirstOrDefault(known => known.Name == header.Name) is OpenApiParameter parameter)
        {
            parameter.Description ??= header.Description;
            parameter.Required |= header.Required;
            return;
        }

        operation.Parameters.Add(new OpenApiParameter
        {
            Name = header.Name,
            In = ParameterLocation.Header,
            Description = header.Description,
            Required = header.Required,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static void AddHeader(OpenApiResponse response, string name)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    private static void Secure(OpenApiOperation operation, RequiredAccess access, OpenApiOperationTransformerContext context)
    {
        var scopes = access.Scopes.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal);
        operation.Description = $"{operation.Description} Needs the scope {scopes}.".TrimStart();
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDocument.Bearer, context.Document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDocument.Header, context.Document)] = [] },
        ];
    }

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
