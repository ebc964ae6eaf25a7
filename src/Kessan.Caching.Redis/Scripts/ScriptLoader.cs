using StackExchange.Redis;

namespace Kessan.Caching.Redis.Scripts;

/// <summary>
/// Brings the scripts that publish to a server before they are used: one that the server does not know costs each operation of a first
/// burst a second round trip and a number of the sequence.
/// </summary>
internal static class ScriptLoader
{
    private static readonly RedisScript[] Publishing = [StoreScripts.Set, StoreScripts.Remove, StoreScripts.RemoveTag, StoreScripts.ReleaseLease];

    /// <summary>Loads them, if this user may: without, they come along with their first use.</summary>
    public static async Task LoadAsync(IServer server)
    {
        try
        {
            await Task.WhenAll(Publishing.Select(script => server.ExecuteAsync("SCRIPT", ["LOAD", script.Text]))).ConfigureAwait(false);
        }
        catch (RedisServerException)
        {
            // Not allowed, or not known to this server.
        }
    }
}
