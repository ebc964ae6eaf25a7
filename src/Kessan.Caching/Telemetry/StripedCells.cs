using System.Runtime.CompilerServices;

namespace Kessan.Caching.Telemetry;

/// <summary>
/// Counters that many threads move at once: one row of cells per core, each row on cache lines of its own. A reader adds the rows up.
/// </summary>
internal sealed class StripedCells
{
    private const int CellsPerLine = 16; // 128 bytes: two lines, for the adjacent-line prefetcher

    private readonly long[] _cells;
    private readonly int _rowLength;
    private readonly int _mask;

    public StripedCells(int count)
    {
        var rows = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Environment.ProcessorCount));
        _mask = rows - 1;
        _rowLength = (count + CellsPerLine - 1) / CellsPerLine * CellsPerLine + CellsPerLine;
        _cells = GC.AllocateArray<long>(rows * _rowLength + CellsPerLine, pinned: true);
    }

    /// <summary>Moves a cell by one.</summary>
    /// <returns>Its new value in this row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Increment(int cell)
        => Interlocked.Increment(ref _cells[(Thread.GetCurrentProcessorId() & _mask) * _rowLength + CellsPerLine + cell]);

    public long Sum(int cell)
    {
        long sum = 0;
        for (var row = 0; row <= _mask; row++) sum += Interlocked.Read(ref _cells[row * _rowLength + CellsPerLine + cell]);
        return sum;
    }
}
