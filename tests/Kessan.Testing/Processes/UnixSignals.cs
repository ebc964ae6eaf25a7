using System.Runtime.InteropServices;

namespace Kessan.Testing.Processes;

internal static class UnixSignals
{
    public static void Send(int process, UnixSignal signal) => _ = Kill(process, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
