using System.Globalization;
using System.Runtime.InteropServices;

namespace Kessan.Testing.Processes;

/// <summary>Sends signals, on Linux.</summary>
public static class UnixSignals
{
    /// <summary>Why a program started by this process cannot be ended by a signal, or not be watched; <see langword="null"/>: it can.</summary>
    /// <remarks>A program inherits which signals are ignored: a shell that starts a job in the background lets it ignore SIGINT, nohup SIGHUP.</remarks>
    public static string? WhyUntestable(UnixSignal signal)
    {
        if (!OperatingSystem.IsLinux()) return ProcessMark.LinuxOnly;
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        var ignored = ulong.Parse(line["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (ignored >> ((int)signal - 1) & 1) == 0 ? null : $"this process was started with {signal} ignored, and so is what it starts";
    }

    internal static void Send(int process, UnixSignal signal) => _ = Kill(process, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
