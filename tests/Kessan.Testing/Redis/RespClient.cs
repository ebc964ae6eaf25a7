using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kessan.Testing.Redis;

/// <summary>A few lines of RESP2, so that tests look at a server with other eyes than those of the library they test. One command at a time.</summary>
public sealed class RespClient : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly BufferedStream _stream;

    private RespClient(int port)
    {
        _client.Connect(IPAddress.Loopback, port);
        _client.NoDelay = true;
        _client.ReceiveTimeout = 10_000;
        _stream = new BufferedStream(_client.GetStream());
    }

    public static RespClient Connect(int port) => new(port);

    /// <summary>One command on a connection of its own.</summary>
    public static object? Ask(int port, params object[] command)
    {
        using var client = Connect(port);
        return client.Send(command);
    }

    /// <summary>Sends a command of strings, numbers and byte arrays.</summary>
    /// <returns>A string, a long, an array of these, or null. An error is thrown.</returns>
    public object? Send(params object[] command)
    {
        var request = new MemoryStream();
        request.Write(Encoding.ASCII.GetBytes($"*{command.Length}\r\n"));
        foreach (var part in command)
        {
            var bytes = part as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(part, CultureInfo.InvariantCulture)!);
            request.Write(Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"));
            request.Write(bytes);
            request.Write("\r\n"u8);
        }

        _stream.Write(request.GetBuffer(), 0, (int)request.Length);
        _stream.Flush();
        return Read() is InvalidOperationException error ? throw error : LastReply;
    }

    public string? SendText(params object[] command) => Send(command)?.ToString();

    public void Dispose() => _client.Dispose();

    private object? LastReply { get; set; }

    private object? Read()
    {
        var line = ReadLine();
        var rest = line[1..];
        return LastReply = line[0] switch
        {
            '+' => rest,
            '-' => new InvalidOperationException(rest),
            ':' => long.Parse(rest, CultureInfo.InvariantCulture),
            '$' => ReadBulk(int.Parse(rest, CultureInfo.InvariantCulture)),
            '*' => ReadArray(int.Parse(rest, CultureInfo.InvariantCulture)),
            _ => throw new InvalidDataException($"No RESP2: {line}"),
        };
    }

    // Latin-1 keeps every byte.
    private string? ReadBulk(int length)
    {
        if (length < 0) return null;
        var bytes = new byte[length + 2];
        _stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes, 0, length);
    }

    private object?[]? ReadArray(int length)
    {
        if (length < 0) return null;
        var items = new object?[length];
        for (var i = 0; i < length; i++) items[i] = Read();
        return items;
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        for (var character = _stream.ReadByte(); character != '\n'; character = _stream.ReadByte())
        {
            if (character < 0) throw new EndOfStreamException("The server closed the connection.");
            if (character != '\r') line.Append((char)character);
        }

        return line.ToString();
    }
}
