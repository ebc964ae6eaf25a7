using System.Net;
using System.Net.Sockets;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Endpoints as text.</summary>
internal static class EndPointNames
{
    public static string Format(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => ip.ToString(),
        DnsEndPoint { Host: var host, Port: var port } => $"{host}:{port}",
        UnixDomainSocketEndPoint unix => unix.ToString(),
        _ => endpoint.ToString() ?? "",
    };

    public static (string Host, int Port) Split(EndPoint? endpoint) => endpoint switch
    {
        IPEndPoint ip => (ip.Address.ToString(), ip.Port),
        DnsEndPoint dns => (dns.Host, dns.Port),
        _ => (endpoint?.ToString() ?? "", 0),
    };
}
