namespace Kessan.Caching.Sessions;

/// <summary>A session, as it was read.</summary>
/// <typeparam name="T">The type of its content.</typeparam>
/// <param name="Status">Whether there is one.</param>
/// <param name="Value">Its content; the type's default unless found.</param>
/// <param name="Version">Its version, for a write that must not overwrite another; 0 unless found.</param>
/// <param name="Age">How long ago it began.</param>
/// <param name="TimeLeft">How long it lives if it is not read again.</param>
public readonly record struct SessionReading<T>(SessionStatus Status, T? Value, long Version, TimeSpan Age, TimeSpan TimeLeft);
