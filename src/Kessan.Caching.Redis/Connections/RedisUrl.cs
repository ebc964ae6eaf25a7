using System.Globalization;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>One <c>redis://</c> or <c>rediss://</c> URL, as the IANA registration and the common clients read it.</summary>
internal sealed record RedisUrl(string Host, int Port, string? User, string? Password, int? Database, bool Tls)
{
    private const int DefaultPort = 6379;

    /// <summary>Reads one or several URLs, separated by commas; a part without a scheme is <c>host:port</c>.</summary>
    public static IReadOnlyList<RedisUrl> ParseAll(string text, string source)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0) throw new FormatException($"{source} names no server.");
        var urls = Array.ConvertAll(parts, part => Parse(part, source));
        if (urls.Length == 1) return urls;

        var first = urls[0];
        foreach (var url in urls)
        {
            if (url.Database is > 0) throw new FormatException($"{source} names several nodes of a cluster and a database; a cluster has only database 0.");
            if (url.Tls != first.Tls) throw new FormatException($"{source} mixes redis:// and rediss:// nodes.");
            if ((url.User, url.Password) != (first.User, first.Password) && url.Password is not null && first.Password is not null)
                throw new FormatException($"{source} gives its nodes different users or passwords; a cluster has one.");
        }

        return urls;
    }

    public static ConfigurationOptions ToOptions(IReadOnlyList<RedisUrl> urls)
    {
        var options = new ConfigurationOptions();
        foreach (var url in urls) options.EndPoints.Add(url.Host, url.Port);
        var login = urls.FirstOrDefault(url => url.Password is not null);
        options.User = login?.User;
        options.Password = login?.Password;
        options.Ssl = urls[0].Tls;
        options.DefaultDatabase = urls[0].Database;
        RedisConnectionString.SetDefaults(options, "");
        RedisConnectionSettings.Harden(options);
        return options;
    }

    public override string ToString() => $"{Host}:{Port}";

    private static RedisUrl Parse(string text, string source)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            if (text.Contains('=')) throw new FormatException($"{source} mixes URLs with options of a StackExchange.Redis string; use one of the two forms.");
            text = "redis://" + text;
        }

        var scheme = text[..text.IndexOf("://", StringComparison.Ordinal)];
        var tls = scheme.Equals("rediss", StringComparison.OrdinalIgnoreCase);
        if (!tls && !scheme.Equals("redis", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"{source} has an unknown scheme; redis:// and rediss:// are understood.");

        var rest = text[(scheme.Length + 3)..];
        if (rest.Contains('#')) throw new FormatException($"{source} contains '#'; in a user or password write it as %23.");
        // The login is cut off by hand and first: System.Uri would refuse or rewrite passwords that the other clients take, and
        // a '?' or '/' in a password must not end up in a message as the name of something.
        var (user, password) = ((string?)null, (string?)null);
        var at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            (user, password) = ParseLogin(rest[..at], source);
            rest = rest[(at + 1)..];
        }

        (rest, var query) = Cut(rest, '?');
        (rest, var path) = Cut(rest, '/');
        var (host, port) = ParseAddress(rest, source);
        return new RedisUrl(host, port, user, password, ParseDatabase(path.TrimEnd('/'), query, source), tls);
    }

    private static (string Before, string After) Cut(string text, char separator)
        => text.IndexOf(separator) is var at && at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);

    private static (string? User, string Password) ParseLogin(string text, string source)
    {
        var colon = text.IndexOf(':');
        if (colon < 0) throw new FormatException($"{source} has a user without a password; write redis://user:password@host, or redis://:password@host.");
        var user = Decode(text[..colon], source);
        return (user.Length == 0 ? null : user, Decode(text[(colon + 1)..], source));
    }

    private static string Decode(string text, string source)
    {
        for (var i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw new FormatException($"{source} has a user or password with a '%' that begins no percent-encoding; write it as %25.");
        }

        return Uri.UnescapeDataString(text);
    }

    private static (string Host, int Port) ParseAddress(string text, string source)
    {
        var colon = text.LastIndexOf(':');
        var host = text;
        var port = "";
        if (colon > text.LastIndexOf(']'))
        {
            host = text[..colon];
            port = text[(colon + 1)..];
        }

        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        if (host.Length == 0) throw new FormatException($"{source} names no host.");
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) throw new FormatException($"{source} has a host name that is not valid.");
        if (port.Length == 0) return (host, DefaultPort);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 65535)
            throw new FormatException($"{source} has a port that is no number from 1 to 65535.");
        return (host, number);
    }

    private static int? ParseDatabase(string path, string query, string source)
    {
        var text = path;
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = pair.Split('=')[0];
            if (name != "db") throw new FormatException($"{source} has a parameter that is not understood; only db is.");
            text = pair[(pair.IndexOf('=') + 1)..];
        }

        if (text.Length == 0) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{source} has a database that is no number.");
    }
}
