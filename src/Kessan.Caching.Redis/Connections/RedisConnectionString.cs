using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>StackExchange.Redis strings, with our defaults where they say nothing.</summary>
internal static class RedisConnectionString
{
    public static ConfigurationOptions Parse(string text, string source)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            // The library's message may repeat the value, which may be a password: only the option's name is passed on.
            var option = (failure as ArgumentException)?.ParamName;
            throw new FormatException(option is { Length: > 0 } && !text.Contains($"={option}", StringComparison.Ordinal)
                ? $"{source} is no valid StackExchange.Redis string: the option '{option}' is unknown or has a wrong value."
                : $"{source} is no valid StackExchange.Redis string.");
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
