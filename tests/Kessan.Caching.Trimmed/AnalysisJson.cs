using System.Text.Json.Serialization;

namespace Kessan.Caching.Trimmed;

/// <summary>JSON without reflection.</summary>
[JsonSerializable(typeof(Analysis))]
[JsonSerializable(typeof(List<Analysis>))]
internal sealed partial class AnalysisJson : JsonSerializerContext;
