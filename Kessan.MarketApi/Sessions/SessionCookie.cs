using System.Security.Cryptography;

namespace Kessan.MarketApi.Sessions;

/// <summary>The cookie that carries a session's id: unguessable, and out of reach of scripts and of other sites.</summary>
internal static class SessionCookie
{
    private const string Name = "kessan_session";
    private const int IdBytes = 16;

    /// <summary>The id that a request shows; <see langword="null"/> if it is none that we gave out.</summary>
    public static string? Read(HttpRequest request) =>
        request.Cookies[Name] is { Length: IdBytes * 2 } id && id.All(char.IsAsciiHexDigitLower) ? id : null;

    /// <summary>A new id.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);

    public static void Write(HttpResponse response, string id) => response.Cookies.Append(Name, id, Options(response));

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options(response));

    private static CookieOptions Options(HttpResponse response) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = SameSiteMode.Strict,
        Secure = response.HttpContext.Request.IsHttps,
    };
}
