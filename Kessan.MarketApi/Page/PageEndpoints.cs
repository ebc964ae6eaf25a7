using Microsoft.Extensions.FileProviders;

namespace Kessan.MarketApi.Page;

/// <summary>
/// The page at <c>/</c>. Its files are in the assembly, so that it is there wherever the API is: in a container, in Standalone, in tests.
/// </summary>
internal static class PageEndpoints
{
    // Only our own files: the page shows headlines and names that come from elsewhere.
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static IServiceCollection AddPage(this IServiceCollection services) => services.AddResponseCompression(static options =>
    {
        // Of the page only: nobody's secrets are in it, so that compressing it over HTTPS tells nothing.
        options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
        options.EnableForHttps = true;
    });

    public static WebApplication UsePage(this WebApplication app)
    {
        var files = new ManifestEmbeddedFileProvider(typeof(PageEndpoints).Assembly, "wwwroot");
        var options = new FileServerOptions { FileProvider = files };
        options.StaticFileOptions.OnPrepareResponse = static context =>
        {
            var headers = context.Context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache"; // asked again each time, answered 304: a new version is seen at once
        };
        app.UseResponseCompression();
        app.UseFileServer(options);
        return app;
    }
}
