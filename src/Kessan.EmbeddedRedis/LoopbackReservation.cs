using System.Net;
using System.Net.Sockets;

namespace Kessan.EmbeddedRedis;

/// <summary>
/// A port on 127.0.0.1 that is ours from the choice to the moment Garnet listens on it. Garnet binds with SO_REUSEPORT, so by itself
/// it would silently share a port with another Garnet; this socket binds without, which fails if anybody listens on the port.
/// </summary>
internal sealed class LoopbackReservation : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private LoopbackReservation()
    {
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public static LoopbackReservation Take(int port)
    {
        var reservation = new LoopbackReservation();
        try
        {
            reservation._socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return reservation;
        }
        catch (SocketException failure)
        {
            reservation.Dispose();
            throw new EmbeddedRedisException(
                failure.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {port} on 127.0.0.1 is taken: choose another, or 0 for a free one."
                    : $"Port {port} on 127.0.0.1 cannot be used: {failure.Message}",
                failure);
        }
    }

    /// <summary>Lets Garnet bind the same port now. This socket never listens, so it gets no connections.</summary>
    public void Share()
    {
        if (OperatingSystem.IsLinux())
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        else
            _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
