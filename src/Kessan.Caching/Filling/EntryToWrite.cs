using Kessan.Caching.Storage;

namespace Kessan.Caching.Filling;

/// <summary>A write on its way: the value for L1, its entry for the store, and under which condition.</summary>
internal readonly record struct EntryToWrite<T>(string Key, T Value, StoredEntry Entry, WriteCondition Condition, EntryPlan Plan, bool KeepPayload);
