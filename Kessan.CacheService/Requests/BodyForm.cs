using Kessan.CacheHost.Problems;

namespace Kessan.CacheHost.Requests;

/// <summary>A body is the whole value as it is: a coded one, or a part, would be stored as another value.</summary>
internal static class BodyForm
{
    /// <exception cref="RequestProblemException">It is coded (RFC 9110 section 8.4), or a part (section 14.5).</exception>
    public static void Demand(IHeaderDictionary headers)
    {
        if (headers.ContentRange.Count > 0) throw RequestProblem.Invalid("A body is the whole value: Content-Range is not taken.").AsException();
        foreach (var line in headers.ContentEncoding)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var coding = line.AsSpan(range).Trim();
                if (coding.IsEmpty || coding.Equals("identity", StringComparison.OrdinalIgnoreCase)) continue;
                throw new RequestProblem(ProblemKind.UnsupportedEncoding, "A body is taken as it is, without a Content-Encoding.").AsException();
            }
        }
    }
}
