using Microsoft.Extensions.Options;

namespace Kessan.Caching.Quotas;

/// <summary>Refuses limits that make no sense, naming where they stand.</summary>
internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    private const long HighestLimit = 1_000_000_000_000_000;
    private const int MostCounters = 10_000_000;

    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        List<string> failures = [];
        Check(nameof(options.MinuteLimit), options.MinuteLimit, HighestLimit);
        Check(nameof(options.HourlyLimit), options.HourlyLimit, HighestLimit);
        Check(nameof(options.DailyLimit), options.DailyLimit, HighestLimit);
        Check(nameof(options.MaximumLocalCounters), options.MaximumLocalCounters, MostCounters);
        if (!Enum.IsDefined(options.WhenStoreAway))
            failures.Add($"{QuotaOptions.SectionName}:{nameof(options.WhenStoreAway)} must be {nameof(StoreAwayPolicy.LocalCount)} or {nameof(StoreAwayPolicy.Deny)}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string property, long? value, long most)
        {
            if (value < 1 || value > most) failures.Add($"{QuotaOptions.SectionName}:{property} is {value}; it must be 1 to {most}.");
        }
    }
}
