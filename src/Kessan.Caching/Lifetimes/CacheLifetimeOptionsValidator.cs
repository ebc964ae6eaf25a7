using System.Globalization;
using Kessan.Caching.Keys;
using Microsoft.Extensions.Options;

namespace Kessan.Caching.Lifetimes;

/// <summary>Refuses lifetimes that make no sense, all at once, each with the path where it stands in the configuration.</summary>
/// <remarks>Written by hand: the attributes' messages name neither the path nor the usual mistake, <c>300</c> for 300 days.</remarks>
internal sealed class CacheLifetimeOptionsValidator : IValidateOptions<CacheLifetimeOptions>
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public ValidateOptionsResult Validate(string? name, CacheLifetimeOptions options)
    {
        var failures = new List<string>();
        foreach (var (type, lifetime) in options.All()) Check(type, lifetime, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(CacheDataType type, DataTypeLifetimeOptions lifetime, List<string> failures)
    {
        var path = $"{CacheLifetimeOptions.SectionName}:{type}";
        CheckTime($"{path}:Fresh", lifetime.Fresh, DataTypeLifetimeOptions.Shortest, DataTypeLifetimeOptions.Longest, failures);
        CheckTime($"{path}:StaleWindow", lifetime.StaleWindow, TimeSpan.Zero, DataTypeLifetimeOptions.Longest, failures);
        if (lifetime.Local is { } local) CheckTime($"{path}:Local", local, Millisecond, lifetime.Fresh, failures);
        if (lifetime.Negative is { } negative) CheckTime($"{path}:Negative", negative, Millisecond, DataTypeLifetimeOptions.Longest, failures);

        if (lifetime.Jitter is not (>= 0 and <= 1))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:Jitter is {lifetime.Jitter}; it must be 0 to 1."));
        if (type is CacheDataType.UserSession or CacheDataType.ApiQuota && lifetime.StaleWindow > TimeSpan.Zero)
            failures.Add($"{path}:StaleWindow is {lifetime.StaleWindow:c}; entries of this type are never served stale: it must be 0.");

        if (type == CacheDataType.UserSession)
            CheckTime($"{path}:SlideLimit", lifetime.SlideLimit ?? TimeSpan.Zero, lifetime.Fresh, DataTypeLifetimeOptions.Longest, failures);
        else if (lifetime.SlideLimit is not null)
            failures.Add($"{path}:SlideLimit is set; only {nameof(CacheDataType.UserSession)} slides.");
    }

    private static void CheckTime(string path, TimeSpan value, TimeSpan least, TimeSpan most, List<string> failures)
    {
        if (value >= least && value <= most) return;

        var hint = value.Days > 0 && value == TimeSpan.FromDays(value.Days)
            ? $" Times are written hh:mm:ss: \"{value.Days}\" means {value.Days} days; {value.Days} seconds are \"{TimeSpan.FromSeconds(value.Days):c}\"."
            : "";
        failures.Add($"{path} is {value:c}; it must be {least:c} to {most:c}.{hint}");
    }
}
