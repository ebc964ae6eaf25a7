using Microsoft.CodeAnalysis;

namespace Kessan.Caching.Generators;

/// <summary>Writes one method that has a cache attribute.</summary>
internal sealed class MethodCode(INamedTypeSymbol owner, IMethodSymbol method, Action<DiagnosticDescriptor, Location?, string[]> report)
{
    private const int LongestLifetime = 30 * 24 * 3600;
    private const int UserSession = 5;
    private const int ApiQuota = 6;

    // Names that a tuple's element cannot have, or that hide a member.
    private static readonly HashSet<string> ReservedNames = ["Rest", "ToString", "Equals", "GetHashCode", "CompareTo", "GetType"];

    private readonly TemplateCode _templates = new(method, report);

    /// <summary>The members' text, or <see langword="null"/> when something was reported.</summary>
    public string? Write()
    {
        var (results, invalidations) = (Attributes(Names.CacheResult), Attributes(Names.CacheInvalidate));
        var good = true;
        void Fail(DiagnosticDescriptor descriptor, Location? location, params string[] arguments)
        {
            good = false;
            report(descriptor, location, arguments);
        }

        if (results.Count > 0 && invalidations.Count > 0) Fail(Diagnostics.BothAttributes, results[0].Location, method.Name);
        if (method.IsGenericMethod || owner.IsGenericType) Fail(Diagnostics.Generic, Place, method.IsGenericMethod ? method.Name : owner.Name);
        foreach (var parameter in method.Parameters.Where(parameter => parameter.RefKind != RefKind.None || parameter.Type.IsRefLikeType))
            Fail(Diagnostics.ByReference, parameter.Locations.FirstOrDefault(), parameter.Name, method.Name);

        var value = Value();
        if (results.Count > 0 && value is null)
            Fail(Diagnostics.NoValue, Place, method.Name, method.ReturnType.ToDisplayString(), "only a Task<T> or ValueTask<T> brings a value to keep");
        if (results.Count == 0 && value is null && !IsTask("System.Threading.Tasks.Task") && !IsTask("System.Threading.Tasks.ValueTask"))
            Fail(Diagnostics.NoValue, Place, method.Name, method.ReturnType.ToDisplayString(), "an invalidation follows a Task or ValueTask");
        if (!good) return null;

        return results.Count > 0 ? Cached(results[0], value!) : Invalidating(invalidations, value);
    }

    private Location? Place => method.Locations.FirstOrDefault();

    private string? Cached(CacheAttribute attribute, string value)
    {
        if (attribute.DataType is UserSession or ApiQuota)
        {
            report(Diagnostics.NotACachedType, attribute.Location, [method.Name, Names.DataType(attribute.DataType)]);
            return null;
        }

        if (!CheckLifetime(attribute) || KeyTemplate(attribute) is not { } template) return null;
        ReportMissingParameters(attribute, template);
        var key = _templates.Key(attribute, template);
        var tags = attribute.Tags.ConvertAll(tag => _templates.Tag(attribute, tag));
        if (key is null || tags.Contains(null)) return null;

        var lines = new List<string>
        {
            $"key: {key}",
            $"arguments: {Arguments()}",
            $"source: static (inner, arguments, cancellationToken) => {Call("arguments", value)}",
            attribute.LifetimeSeconds is { } seconds ? $"lifetime: global::System.TimeSpan.FromSeconds({seconds})" : $"dataType: {Names.DataType(attribute.DataType)}",
        };
        if (tags.Count > 0) lines.Add($"tags: [{string.Join(", ", tags)}]");
        lines.Add($"cancellationToken: {Token()}");
        return Member(IsLookup ? "CachedLookupAsync" : "CachedAsync", lines);
    }

    private string? Invalidating(List<CacheAttribute> attributes, string? value)
    {
        var (keys, tags) = (new List<string?>(), new List<string?>());
        foreach (var attribute in attributes)
        {
            if (attribute.Key is null && attribute.Tags.Count == 0)
            {
                report(Diagnostics.NothingToInvalidate, attribute.Location, [method.Name]);
                keys.Add(null);
            }

            if (attribute.Key is { } text) keys.Add(_templates.Parse(attribute, text) is { } template ? _templates.Key(attribute, template) : null);
            tags.AddRange(attribute.Tags.Select(tag => _templates.Tag(attribute, tag)));
        }

        if (keys.Contains(null) || tags.Contains(null)) return null;
        return Member("InvalidatingAsync", [
            $"keys: [{string.Join(", ", keys)}]",
            $"tags: [{string.Join(", ", tags)}]",
            $"arguments: {Arguments()}",
            $"change: static (inner, arguments, cancellationToken) => {Call("arguments", value)}",
            $"cancellationToken: {Token()}",
        ]);
    }

    private string Member(string target, List<string> arguments)
    {
        var asTask = method.ReturnType.Name == "Task" ? ".AsTask()" : "";
        return $$"""
                {{MemberCode.Signature(method)}}
                    => {{target}}(
                        {{string.Join(",\n            ", arguments)}}){{asTask}};
            """;
    }

    // new ValueTask<T>(inner.AnalyseAsync(...)) for a method that returns a Task, the call itself for a ValueTask.
    private string Call(string arguments, string? value)
    {
        var parameters = method.Parameters.Where(parameter => !Names.IsCancellationToken(parameter.Type)).ToList();
        var list = method.Parameters.Select(parameter => Names.IsCancellationToken(parameter.Type)
            ? "cancellationToken"
            : parameters.Count == 1 ? arguments : $"{arguments}.{Element(parameters, parameter)}");
        var call = $"{MemberCode.Receiver(owner, method, "inner")}.{Names.Escape(method.Name)}({string.Join(", ", list)})";
        if (method.ReturnType.Name != "Task") return call;
        return value is null ? $"new global::System.Threading.Tasks.ValueTask({call})" : $"new global::System.Threading.Tasks.ValueTask<{value}>({call})";
    }

    private static string Element(List<IParameterSymbol> parameters, IParameterSymbol parameter)
        => IsReserved(parameter.Name) ? $"Item{parameters.IndexOf(parameter) + 1}" : Names.Of(parameter);

    private static bool IsReserved(string name) => ReservedNames.Contains(name) || name.StartsWith("Item", StringComparison.Ordinal);

    private string Arguments()
    {
        var parameters = method.Parameters.Where(parameter => !Names.IsCancellationToken(parameter.Type)).ToList();
        return parameters.Count switch
        {
            0 => "0",
            1 => Names.Of(parameters[0]),
            _ => $"({string.Join(", ", parameters.Select(Names.Of))})",
        };
    }

    private string Token() => method.Parameters.FirstOrDefault(parameter => Names.IsCancellationToken(parameter.Type)) is { } parameter
        ? Names.Of(parameter)
        : "default";

    private bool CheckLifetime(CacheAttribute attribute)
    {
        var problem = attribute switch
        {
            { LifetimeSeconds: < 1 or > LongestLifetime } => $"has LifetimeSeconds = {attribute.LifetimeSeconds}; it must be 1 to {LongestLifetime} (30 days)",
            { DataType: 0, LifetimeSeconds: null } => "names neither a data type nor LifetimeSeconds",
            _ => null,
        };
        if (problem is not null) report(Diagnostics.Lifetime, attribute.Location, [method.Name, problem]);
        return problem is null;
    }

    private Template? KeyTemplate(CacheAttribute attribute)
    {
        if (attribute.Key is { } text) return _templates.Parse(attribute, text);

        var names = method.Parameters.Where(IsPartOfTheCall).Select(parameter => $"{{{parameter.Name}}}").ToList();
        if (names.Count > 0 && attribute.DataType != 0) return _templates.Parse(attribute, string.Join(":", names));

        report(Diagnostics.MalformedTemplate, attribute.Location, ["", names.Count == 0
            ? "the method has no parameter to make a key of, so Key must say one"
            : "without a data type, Key must say what the key begins with"]);
        return null;
    }

    private void ReportMissingParameters(CacheAttribute attribute, Template template)
    {
        var named = new HashSet<string>(template.Placeholders);
        foreach (var parameter in method.Parameters.Where(parameter => IsPartOfTheCall(parameter) && !named.Contains(parameter.Name)))
            report(Diagnostics.ParameterNotInKey, parameter.Locations.FirstOrDefault() ?? attribute.Location, [parameter.Name, method.Name]);
    }

    private static bool IsPartOfTheCall(IParameterSymbol parameter) => !Names.IsCancellationToken(parameter.Type)
        && !parameter.GetAttributes().Any(attribute => Names.Is(attribute.AttributeClass, Names.NotInCacheKey));

    private List<CacheAttribute> Attributes(string name) => [.. method.GetAttributes()
        .Where(attribute => Names.Is(attribute.AttributeClass, name))
        .Select(attribute => CacheAttribute.Read(attribute, Place))];

    /// <summary>The T of Task&lt;T&gt; or ValueTask&lt;T&gt;, or <see langword="null"/>.</summary>
    private string? Value() => method.ReturnType is INamedTypeSymbol { IsGenericType: true, TypeArguments.Length: 1 } type
        && (Names.Is(type, "System.Threading.Tasks.Task<TResult>") || Names.Is(type, "System.Threading.Tasks.ValueTask<TResult>"))
            ? Names.Of(type.TypeArguments[0])
            : null;

    /// <summary>The method answers with a CacheLookup&lt;T&gt;: it is T that is kept, and the caller hears how it came about.</summary>
    private bool IsLookup => method.ReturnType is INamedTypeSymbol { TypeArguments.Length: 1 } type && Names.Is(type.TypeArguments[0], Names.CacheLookup);

    private bool IsTask(string name) => method.ReturnType is INamedTypeSymbol { IsGenericType: false } && Names.Is(method.ReturnType, name);
}
