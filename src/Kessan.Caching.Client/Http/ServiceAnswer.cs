using System.Net;

namespace Kessan.Caching.Client.Http;

/// <summary>One answer of the service.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
/// <param name="Elapsed">The time since the request was sent: what is in the body is at most that much older than it says.</param>
/// <param name="Version">The version that a header field names; 0 if none does.</param>
/// <param name="TagsVerified">Whether the service has compared the tags.</param>
internal readonly record struct ServiceAnswer(HttpStatusCode Status, byte[] Body, TimeSpan Elapsed, long Version, bool TagsVerified);
