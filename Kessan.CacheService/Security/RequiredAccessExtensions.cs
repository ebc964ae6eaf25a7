namespace Kessan.CacheHost.Security;

internal static class RequiredAccessExtensions
{
    /// <summary>Says what a key must allow to use the endpoints.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder builder, AccessScope scopes, bool openInDevelopment = false)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new RequiredAccess(scopes, openInDevelopment));
}
