namespace Kessan.EmbeddedRedis.Programs;

/// <summary>The caller of a program made a mistake; the message is the one line that tells which.</summary>
internal sealed class ProgramOptionException(string message) : Exception(message);
