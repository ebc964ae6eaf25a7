using System.Net;
using System.Net.Sockets;

namespace Kessan.Standalone.Tests;

internal static class FreePort
{
    /// <summary>A port that nobody listens on. Only for what must be named before it exists; else take port 0.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
