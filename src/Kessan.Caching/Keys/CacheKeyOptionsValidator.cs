using Microsoft.Extensions.Options;

namespace Kessan.Caching.Keys;

/// <summary>Refuses key versions out of range, naming where they stand.</summary>
internal sealed class CacheKeyOptionsValidator : IValidateOptions<CacheKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheKeyOptions options)
    {
        var failures = options.ToVersions()
            .Where(pair => pair.Value is < 0 or > CacheKeyBuilder.MaximumVersion)
            .Select(pair => $"{CacheKeyOptions.SectionName}:{pair.Key} is {pair.Value}; it must be 0 to {CacheKeyBuilder.MaximumVersion}.")
            .ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
