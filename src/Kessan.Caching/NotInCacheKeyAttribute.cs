namespace Kessan.Caching;

/// <summary>Says that the value of a cached method does not depend on this parameter (a logger, a correlation id), so that calls may share it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NotInCacheKeyAttribute : Attribute;
