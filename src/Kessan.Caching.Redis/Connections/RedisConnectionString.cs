using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>StackExchange.Redis strings, with our defaults where they say nothing.</summary>
internal static class RedisConnectionString
{
    private static readonly string[] Options =
    [
        "abortConnect", "allowAdmin", "asyncTimeout", "channelPrefix", "configChannel", "configCheckSeconds", "connectRetry",
        "connectTimeout", "defaultDatabase", "keepAlive", "protocol", "proxy", "resolveDns", "serviceName", "ssl", "sslHost", "sslProtocols",
        "syncTimeout", "tiebreaker", "tunnel", "version",
    ];

    public static ConfigurationOptions Parse(string text, string source)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            // The library's message may repeat a value, and what it takes for an option may be the rest of a password with a comma in it:
            // only the name of an option that exists is passed on.
            var option = Options.FirstOrDefault(
                option => string.Equals(option, (failure as ArgumentException)?.ParamName, StringComparison.OrdinalIgnoreCase)
                    || failure.Message.StartsWith($"Keyword '{option}'", StringComparison.OrdinalIgnoreCase));
            throw new FormatException(option is null
                ? $"{source} is no valid StackExchange.Redis string: it has an option that does not exist, or a password with a comma in it."
                : $"{source} is no valid StackExchange.Redis string: the option '{option}' has a wrong value.");
        }

        if (options.EndPoints.Count == 0) throw new FormatException($"{source} names no server.");
        foreach (var endpoint in options.EndPoints)
        {
            if (endpoint is System.Net.DnsEndPoint { Host: var host } && Uri.CheckHostName(host) == UriHostNameType.Unknown)
                throw new FormatException($"{source} has a server whose host name is not valid.");
        }

        SetDefaults(options, text);
        RedisConnectionSettings.Harden(options);
        return options;
    }

    /// <summary>Bounded waits, unless the text names others.</summary>
    public static void SetDefaults(ConfigurationOptions options, string text)
    {
        if (!Names(text, "connectTimeout")) options.ConnectTimeout = 2000;
        if (!Names(text, "connectRetry")) options.ConnectRetry = 1;
        if (!Names(text, "syncTimeout")) options.SyncTimeout = 1000;
        if (!Names(text, "asyncTimeout")) options.AsyncTimeout = Names(text, "syncTimeout") ? options.SyncTimeout : 1000;
        if (!Names(text, "keepAlive")) options.KeepAlive = 10;
    }

    private static bool Names(string text, string option)
        => text.Split(',').Any(part => part.TrimStart().StartsWith(option, StringComparison.OrdinalIgnoreCase)
            && part.TrimStart()[option.Length..].TrimStart().StartsWith('='));
}
