using System.Runtime.CompilerServices;

namespace Kessan.Testing;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when the condition holds; fails the test if the patience is over first.</summary>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, TimeSpan? patience = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var start = TimeProvider.System.GetTimestamp();
        var limit = patience ?? Patience;
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit) Xunit.Assert.Fail($"Not within {limit.TotalSeconds} s: {what}");
            await Task.Delay(Step, TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    /// <returns>Whether it did within the patience.</returns>
    public static async Task<bool> TriesAsync(Func<bool> condition, TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience) return false;
            await Task.Delay(Step, TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
        }

        return true;
    }

    /// <summary>Returns when the condition holds; fails the test if the patience is over first.</summary>
    public static Task HoldsAsync(
        Func<bool> condition, TimeSpan? patience = null, [CallerArgumentExpression(nameof(condition))] string what = "")
        => HoldsAsync(() => Task.FromResult(condition()), patience, what);
}
