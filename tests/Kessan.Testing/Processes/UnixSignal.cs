namespace Kessan.Testing.Processes;

/// <summary>The signals that tests send; the values are those of POSIX.</summary>
public enum UnixSignal
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
