using System.Net;
using System.Net.Sockets;

namespace Kessan.Standalone;

/// <summary>
/// A port of localhost that a web host is to listen on. It is tried before anything starts: a host that finds it taken says so with a
/// stack trace, and only after the parts before it have started.
/// </summary>
internal static class LocalPort
{
    /// <exception cref="StartException">Somebody else has it.</exception>
    public static void Check(int port, string what, string option)
    {
        Check(new IPEndPoint(IPAddress.Loopback, port), what, option);
        if (Socket.OSSupportsIPv6)
            Check(new IPEndPoint(IPAddress.IPv6Loopback, port), what, option);
    }

    private static void Check(IPEndPoint address, string what, string option)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartException($"Port {address.Port} for the {what} is taken: choose another with {option}.", failure);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartException($"Port {address.Port} for the {what} is not allowed to this user: choose another with {option}.", failure);
        }
        catch (SocketException)
        {
            // Not every machine has every loopback address: the host listens on those that there are.
        }
    }
}
