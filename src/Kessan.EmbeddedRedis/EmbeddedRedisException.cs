namespace Kessan.EmbeddedRedis;

/// <summary>The server cannot start; the message says why in one line and never contains the password.</summary>
public sealed class EmbeddedRedisException : Exception
{
    /// <summary>Makes an exception with a message for the user of the program.</summary>
    public EmbeddedRedisException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
