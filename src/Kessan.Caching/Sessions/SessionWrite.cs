namespace Kessan.Caching.Sessions;

/// <summary>The outcome of a session's write.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Version">The version of what now stands in the store; 0 if there is nothing or nobody knows.</param>
public readonly record struct SessionWrite(SessionWriteStatus Status, long Version);
