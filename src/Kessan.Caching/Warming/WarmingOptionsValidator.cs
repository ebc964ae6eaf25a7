using Microsoft.Extensions.Options;

namespace Kessan.Caching.Warming;

/// <summary>Refuses options that make no sense, naming where they stand.</summary>
internal sealed class WarmingOptionsValidator : IValidateOptions<WarmingOptions>
{
    public ValidateOptionsResult Validate(string? name, WarmingOptions options)
    {
        List<string> failures = [];
        if (options.HotKeys is < 0 or > HotKeys.HotKeyTracker.Capacity)
            failures.Add($"{WarmingOptions.SectionName}:HotKeys is {options.HotKeys}; it must be 0 to {HotKeys.HotKeyTracker.Capacity}.");
        if (options.Name is { Length: 0 or > 128 }) failures.Add($"{WarmingOptions.SectionName}:Name has {options.Name.Length} characters; it must have 1 to 128.");
        Check(nameof(options.SaveInterval), options.SaveInterval, TimeSpan.FromDays(1));
        Check(nameof(options.SourceTimeout), options.SourceTimeout, TimeSpan.FromHours(1));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string property, TimeSpan value, TimeSpan most)
        {
            if (value < TimeSpan.FromSeconds(1) || value > most)
                failures.Add($"{WarmingOptions.SectionName}:{property} is {value:c}; it must be 00:00:01 to {most:c}.");
        }
    }
}
