using System.Runtime.CompilerServices;

namespace Kessan.Caching.Tags;

/// <summary>A tag and how often it had changed when an entry was made; the entry is valid while that is still the number.</summary>
internal readonly struct TagStamp(TagState state, int changes)
{
    public TagState State => state;

    public int Changes => changes;

    public bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => state.Changes == changes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllCurrent(TagStamp[] stamps)
    {
        foreach (ref readonly var stamp in stamps.AsSpan())
        {
            if (!stamp.IsCurrent) return false;
        }

        return true;
    }
}
