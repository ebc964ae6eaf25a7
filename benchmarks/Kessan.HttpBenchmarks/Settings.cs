using System.Globalization;

namespace Kessan.HttpBenchmarks;

/// <summary>How a measurement is made.</summary>
/// <param name="Pairs">How many pairs of runs.</param>
/// <param name="Seconds">How long one run lasts.</param>
/// <param name="Connections">How many connections ask at a time, each one request after the other.</param>
/// <param name="Traces">Whether every request is traced.</param>
internal sealed record Settings(int Pairs, double Seconds, int Connections, bool Traces)
{
    public static Settings From(string[] arguments)
    {
        var settings = new Settings(10, 3, 32, Traces: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            settings = arguments[i] switch
            {
                "--pairs" => settings with { Pairs = int.Parse(arguments[++i], CultureInfo.InvariantCulture) },
                "--seconds" => settings with { Seconds = double.Parse(arguments[++i], CultureInfo.InvariantCulture) },
                "--connections" => settings with { Connections = int.Parse(arguments[++i], CultureInfo.InvariantCulture) },
                "--traces" => settings with { Traces = true },
                var unknown => throw new ArgumentException($"{unknown} is no option."),
            };
        }

        return settings;
    }

    public static int Explain()
    {
        Console.WriteLine("pairs    GET of an L1 hit beside a bare Kestrel endpoint [--pairs 10] [--seconds 3] [--connections 32] [--traces]");
        Console.WriteLine("writes   latency of GET while 10 % of the requests are PUT [--seconds 3] [--connections 32]");
        Console.WriteLine("versions HttpClient over HTTP/1.1 beside HTTP/2 without TLS [--pairs 10] [--seconds 3] [--connections 32]");
        Console.WriteLine("consumer an L1 hit of a consumer of the service beside one without a second layer");
        return 1;
    }
}
