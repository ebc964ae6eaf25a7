namespace Kessan.AppHost;

/// <summary>What <c>aspire publish</c> writes. azd reads the manifest, in which a target would be a resource it cannot deploy.</summary>
internal static class PublishTargets
{
    /// <summary>
    /// Adds Docker Compose, or Kubernetes (Helm) when the AppHost is given <c>--target kubernetes</c>. A resource belongs to one
    /// target, so there is one at a time.
    /// </summary>
    public static void AddPublishTarget(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode || builder.Configuration["Publishing:Publisher"] == "manifest")
        {
            return;
        }

        if (builder.Configuration["target"] == "kubernetes")
        {
            builder.AddKubernetesEnvironment("kubernetes");
        }
        else
        {
            builder.AddDockerComposeEnvironment("compose");
        }
    }
}
