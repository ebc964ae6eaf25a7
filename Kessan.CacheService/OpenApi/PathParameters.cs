using Microsoft.OpenApi;

namespace Kessan.CacheHost.OpenApi;

/// <summary>What the names in paths stand for: the same in every row.</summary>
internal static class PathParameters
{
    public static void Describe(OpenApiParameter parameter)
    {
        if (parameter.In == ParameterLocation.Path) parameter.Description ??= Help(parameter.Name);
    }

    private static string? Help(string? name) => name switch
    {
        "key" => "The key, percent-encoded once; at most 512 characters, without control characters and without . and .. as segments.",
        "tag" => "The tag, percent-encoded once; at most 128 characters. * stands for all entries.",
        "ticker" => "The stock's code, as 7203.",
        "kind" => "Of financial statements as quarterly, of an analysis as short_term.",
        "period" => "The period, as Q3.",
        "category" => "The kind of news, as earnings.",
        "index" => "The index, as nikkei225.",
        "user" => "The user, percent-encoded once.",
        _ => null,
    };
}
