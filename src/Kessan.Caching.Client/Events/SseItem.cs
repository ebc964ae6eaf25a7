namespace Kessan.Caching.Client.Events;

/// <summary>One event, or one comment.</summary>
/// <param name="Id">The id, if the event has one.</param>
/// <param name="Name">The kind of event.</param>
/// <param name="Data">The data; <see langword="null"/> if the event is only an id.</param>
/// <param name="Comment">The text, if it is a comment.</param>
internal readonly record struct SseItem(string? Id, string? Name, string? Data, string? Comment);
