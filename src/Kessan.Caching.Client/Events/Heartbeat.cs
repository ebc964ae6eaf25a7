using System.Globalization;

namespace Kessan.Caching.Client.Events;

/// <summary>What the service says every half second: <c>heartbeat n=18 up=60123.4 age=0.3</c>.</summary>
/// <param name="Number">The number of the last event.</param>
/// <param name="Uptime">How long the replica had run when it sent this.</param>
/// <param name="Silence">How long before that its own channel to the store was known to be whole; <see langword="null"/>: it is not known.</param>
internal readonly record struct Heartbeat(long Number, TimeSpan Uptime, TimeSpan? Silence)
{
    public static bool TryParse(string comment, out Heartbeat heartbeat)
    {
        heartbeat = default;
        if (!comment.StartsWith("heartbeat ", StringComparison.Ordinal)) return false;

        long? number = null;
        TimeSpan? uptime = null;
        TimeSpan? silence = null;
        foreach (var part in comment.Split(' '))
        {
            if (part.StartsWith("n=", StringComparison.Ordinal) && long.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var n)) number = n;
            else if (part.StartsWith("up=", StringComparison.Ordinal)) uptime = Milliseconds(part.AsSpan(3));
            else if (part.StartsWith("age=", StringComparison.Ordinal)) silence = Milliseconds(part.AsSpan(4));
        }

        if (number is null || uptime is null) return false;
        heartbeat = new Heartbeat(number.Value, uptime.Value, silence);
        return true;
    }

    private static TimeSpan? Milliseconds(ReadOnlySpan<char> text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1e14
            ? TimeSpan.FromMilliseconds(value)
            : null;
}
