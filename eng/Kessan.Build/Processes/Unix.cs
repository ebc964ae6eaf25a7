using System.Runtime.InteropServices;

namespace Kessan.Build.Processes;

/// <summary>What .NET does not offer: a signal to another process, and the parent's id.</summary>
internal static class Unix
{
    private const int SigTerm = 15;

    public static void Terminate(int process) => _ = Kill(process, SigTerm);

    [DllImport("libc", EntryPoint = "getppid")]
    public static extern int ParentId();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
