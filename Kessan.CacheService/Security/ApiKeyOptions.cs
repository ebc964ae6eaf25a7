namespace Kessan.CacheHost.Security;

/// <summary>One API key. A client may have two at a time, with the same name: that is how keys are rotated.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>Whose key it is; stands in the audit log.</summary>
    public string Name { get; set; } = "";

    /// <summary>The key itself, from a secret store; hashed at start and forgotten. Either this or <see cref="Hash"/>.</summary>
    public string? Key { get; set; }

    /// <summary>The key's SHA-256 in lower-case hexadecimal.</summary>
    public string? Hash { get; set; }

    /// <summary>What the key allows: <c>read</c>, <c>write</c>, <c>admin</c>.</summary>
    /// <value>Default, when none is named: <c>read</c> and <c>write</c>.</value>
    public IReadOnlyList<string>? Scopes { get; set; }

    /// <summary>The beginnings of the cache keys that it may touch.</summary>
    /// <value>Default, when none is named: all.</value>
    public IReadOnlyList<string>? Prefixes { get; set; }
}
