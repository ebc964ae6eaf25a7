using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Security;

/// <summary>Says everything that is wrong at once, each with its place in the configuration, and never a key.</summary>
internal sealed class SecurityOptionsValidator(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<SecurityOptions>
{
    private const string Keys = $"{SecurityOptions.Path}:{nameof(SecurityOptions.ApiKeys)}";

    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        List<string> failures = [];
        if (options.ApiKeys.Count == 0 && !(options.AllowAnonymous && environment.IsDevelopment()))
        {
            failures.Add($"{Keys} is empty, and the service does not start without keys. Set {Keys}:0:Name and {Keys}:0:Key (or :Hash)"
                + $"; in Development {SecurityOptions.Path}:{nameof(SecurityOptions.AllowAnonymous)}=true opens it to everybody.");
        }

        for (var i = 0; i < options.ApiKeys.Count; i++) Check($"{Keys}:{i}", options.ApiKeys[i], failures);
        CheckTwins(options.ApiKeys, failures);
        CheckLists(failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(string path, ApiKeyOptions key, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(key.Name)) failures.Add($"{path}:Name is missing.");
        if (string.IsNullOrEmpty(key.Key) == string.IsNullOrEmpty(key.Hash))
        {
            failures.Add($"{path} needs either Key or Hash, not {(string.IsNullOrEmpty(key.Key) ? "neither" : "both")}.");
        }

        if (key.Key?.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0) failures.Add($"{path}:Key has characters that no header can carry.");
        if (!string.IsNullOrEmpty(key.Hash) && !IsHash(key.Hash)) failures.Add($"{path}:Hash is not a SHA-256 in lower-case hexadecimal.");
        foreach (var scope in key.Scopes ?? [])
        {
            if (!ApiClient.TryParseScope(scope, out _)) failures.Add($"{path}:Scopes has '{scope}'; there are read, write and admin.");
        }

        if (key.Prefixes?.Any(string.IsNullOrEmpty) == true) failures.Add($"{path}:Prefixes has an empty one; leave the list out to allow all keys.");
    }

    /// <summary>One key under two names would be whoever stands last, with what that one may do.</summary>
    private static void CheckTwins(IReadOnlyList<ApiKeyOptions> keys, List<string> failures)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            if (HashOf(keys[i]) is { } hash && !first.TryAdd(hash, i)) failures.Add($"{Keys}:{i} is the same key as {Keys}:{first[hash]}.");
        }
    }

    /// <summary>A list that is written as one text binds to nothing, and nothing would mean everything.</summary>
    private void CheckLists(List<string> failures)
    {
        foreach (var key in configuration.GetSection(Keys).GetChildren())
        {
            foreach (var name in (string[])[nameof(ApiKeyOptions.Scopes), nameof(ApiKeyOptions.Prefixes)])
            {
                var list = key.GetSection(name);
                if (!string.IsNullOrEmpty(list.Value) && !list.GetChildren().Any()) failures.Add($"{list.Path} is one text and no list; its first item is {list.Path}:0.");
            }
        }
    }

    private static string? HashOf(ApiKeyOptions key) => key switch
    {
        { Hash: { Length: > 0 } hash } => hash,
        { Key: { Length: > 0 } text } => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        _ => null,
    };

    private static bool IsHash(string hash) => hash.Length == 64 && hash.All(static c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
