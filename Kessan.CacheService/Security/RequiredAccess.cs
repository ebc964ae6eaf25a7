namespace Kessan.CacheHost.Security;

/// <summary>Endpoint metadata: what a key must allow. An endpoint of this service without it, and not open to all, lets nobody in.</summary>
/// <param name="Scopes">One of these at least.</param>
/// <param name="OpenInDevelopment">Whether no key is asked for in the environment Development.</param>
internal sealed record RequiredAccess(AccessScope Scopes, bool OpenInDevelopment = false);
