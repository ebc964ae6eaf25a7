using System.Runtime.CompilerServices;
using MessagePack;

namespace Kessan.Caching.Serialization;

/// <summary>
/// MessagePack's settings for untrusted data, which refuse keys that an attacker could make collide, and so all composite ones. Value tuples
/// of simple values are safe: they hash with <see cref="HashCode"/>, whose seed is random in every process.
/// </summary>
internal sealed class TupleKeySecurity : MessagePackSecurity
{
    public static readonly TupleKeySecurity Instance = new();

    private TupleKeySecurity()
        : base(UntrustedData)
    {
    }

    private TupleKeySecurity(TupleKeySecurity other)
        : base(other)
    {
    }

    public static bool IsSafe(Type key) => key.IsValueType && key.IsAssignableTo(typeof(ITuple)) && key.GenericTypeArguments.All(IsSimple);

    protected override MessagePackSecurity Clone() => new TupleKeySecurity(this);

    protected override IEqualityComparer<T> GetHashCollisionResistantEqualityComparer<T>()
        => IsSafe(typeof(T)) ? EqualityComparer<T>.Default : base.GetHashCollisionResistantEqualityComparer<T>();

    private static bool IsSimple(Type item) => item.IsPrimitive || item.IsEnum || item == typeof(string) || item == typeof(decimal)
        || item == typeof(Guid) || item == typeof(DateTime) || item == typeof(DateTimeOffset) || item == typeof(DateOnly)
        || item == typeof(TimeOnly) || item == typeof(TimeSpan) || IsSafe(item);
}
