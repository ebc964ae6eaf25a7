namespace Kessan.Standalone;

/// <summary>Standalone cannot start; the message is the one line that says why.</summary>
internal sealed class StartException(string message, Exception innerException) : Exception(message, innerException);
