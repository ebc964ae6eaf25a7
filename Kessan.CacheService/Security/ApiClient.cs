using System.Collections.Immutable;

namespace Kessan.CacheHost.Security;

/// <summary>Who sent a request, and what that one may do. Immutable.</summary>
/// <param name="Name">The name that the key has in the configuration.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Prefixes">The beginnings of the cache keys that it may touch; empty: all.</param>
internal sealed record ApiClient(string Name, AccessScope Scopes, ImmutableArray<string> Prefixes)
{
    /// <summary>Everybody, where anonymous use is allowed.</summary>
    public static ApiClient Anonymous { get; } = new("anonymous", AccessScope.Read | AccessScope.Write | AccessScope.Admin, []);

    /// <summary>The sender of this request, for handlers; never missing behind an endpoint that asks for a key.</summary>
    public static ValueTask<ApiClient?> BindAsync(HttpContext context) => new(context.Features.Get<ApiClient>());

    public bool Has(AccessScope scopes) => (Scopes & scopes) == scopes;

    public bool HasOneOf(AccessScope scopes) => (Scopes & scopes) != 0;

    /// <summary>Whether it may touch what this key, or every key that begins so, names.</summary>
    public bool MayTouch(ReadOnlySpan<char> key)
    {
        if (Prefixes.IsEmpty) return true;
        foreach (var prefix in Prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    public static bool TryParseScope(string name, out AccessScope scope)
    {
        scope = name switch
        {
            "read" => AccessScope.Read,
            "write" => AccessScope.Write,
            "admin" => AccessScope.Admin,
            _ => AccessScope.None,
        };
        return scope != AccessScope.None;
    }

    public static ApiClient From(ApiKeyOptions options)
    {
        var scopes = AccessScope.None;
        foreach (var name in options.Scopes ?? [])
        {
            if (TryParseScope(name, out var scope)) scopes |= scope;
        }

        if (options.Scopes is null or { Count: 0 }) scopes = AccessScope.Read | AccessScope.Write;
        return new ApiClient(options.Name, scopes, [.. options.Prefixes ?? []]);
    }
}
