namespace Kessan.CacheHost.Security;

/// <summary>Who may use the service; bound from <c>Kessan:Security</c>, checked at start and again when it is reloaded.</summary>
public sealed class SecurityOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Path = "Kessan:Security";

    /// <summary>The keys. Without any the service does not start, see <see cref="AllowAnonymous"/>.</summary>
    public IReadOnlyList<ApiKeyOptions> ApiKeys { get; set; } = [];

    /// <summary>
    /// Lets everybody do everything when no keys are configured, in the environment Development only. As soon as there is a key it has
    /// no effect.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowAnonymous { get; set; }
}
