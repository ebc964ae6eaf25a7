using System.Diagnostics.CodeAnalysis;

namespace Kessan.Caching.Quotas;

/// <summary>The names of windows in keys and addresses.</summary>
public static class QuotaWindows
{
    /// <summary><c>minute</c>, <c>hourly</c> or <c>daily</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such window.</exception>
    public static string NameOf(QuotaWindow window) => window switch
    {
        QuotaWindow.Minute => "minute",
        QuotaWindow.Hourly => "hourly",
        QuotaWindow.Daily => "daily",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "No such window."),
    };

    /// <summary>The window of a name, as <see cref="NameOf"/> gives it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out QuotaWindow window)
    {
        (window, var known) = name switch
        {
            "minute" => (QuotaWindow.Minute, true),
            "hourly" => (QuotaWindow.Hourly, true),
            "daily" => (QuotaWindow.Daily, true),
            _ => (default, false),
        };
        return known;
    }
}
