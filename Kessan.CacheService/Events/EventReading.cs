namespace Kessan.CacheHost.Events;

/// <summary>What a reader of the <see cref="EventLog"/> knows after it has taken the events up to <see cref="Position"/>.</summary>
/// <param name="Position">The number of the last event that was taken.</param>
/// <param name="WholeAt">
/// A timestamp: nothing that was sent before it is missing from the events up to <see cref="Position"/>. Null: nothing is known.
/// </param>
/// <param name="News">Ends when there is more.</param>
internal readonly record struct EventReading(long Position, long? WholeAt, Task News);
