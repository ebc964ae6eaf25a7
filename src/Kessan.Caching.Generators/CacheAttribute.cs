using Microsoft.CodeAnalysis;

namespace Kessan.Caching.Generators;

/// <summary>What stands in a [CacheResult] or [CacheInvalidate].</summary>
internal sealed class CacheAttribute
{
    private CacheAttribute(Location? location) => Location = location;

    public Location? Location { get; }

    /// <summary>The number of the data type; 0 for none.</summary>
    public int DataType { get; private set; }

    public string? Key { get; private set; }

    /// <summary><see langword="null"/> if the attribute does not say.</summary>
    public int? LifetimeSeconds { get; private set; }

    public List<string> Tags { get; } = [];

    public static CacheAttribute Read(AttributeData data, Location? fallback)
    {
        var attribute = new CacheAttribute(data.ApplicationSyntaxReference is { } reference
            ? Location.Create(reference.SyntaxTree, reference.Span)
            : fallback);
        if (data.ConstructorArguments.Length == 1 && data.ConstructorArguments[0].Value is int dataType) attribute.DataType = dataType;

        foreach (var argument in data.NamedArguments)
        {
            switch (argument.Key)
            {
                case "Key":
                    attribute.Key = argument.Value.Value as string;
                    break;
                case "LifetimeSeconds":
                    attribute.LifetimeSeconds = argument.Value.Value as int?;
                    break;
                case "Tags" when !argument.Value.IsNull:
                    attribute.Tags.AddRange(argument.Value.Values.Select(value => value.Value as string ?? ""));
                    break;
            }
        }

        return attribute;
    }
}
