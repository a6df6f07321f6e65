using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Sort;

/// <summary>
/// Sorts a row. A key that grows with the value and the index of the element make one 64-bit number, so that equal values keep
/// their order. Long rows are sorted by counting, 11 bits at a time from the lowest of the key.
/// </summary>
internal readonly unsafe struct SortRow(float* x, float* values, int* indices, int columns, bool descending, bool areIntegers)
{
    /// <summary>The number of columns from which counting takes less time than comparing.</summary>
    private const int Long = 1024;

    private const int Bits = 11;
    private const int Digits = 1 << Bits;
    private const int Passes = 3;

    /// <summary>Sorts one row, with memory for two numbers for each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Run(int row, ulong* scratch)
    {
        var start = (nint)row * columns;
        for (var i = 0; i < columns; i++)
            scratch[i] = (ulong)Key(x[start + i]) << 32 | (uint)i;
        var sorted = scratch;
        if (columns < Long)
            new Span<ulong>(scratch, columns).Sort();
        else
            sorted = SortByDigits(scratch, scratch + columns);
        for (var i = 0; i < columns; i++)
        {
            var index = (int)(uint)sorted[i];
            indices[start + i] = index;
            if (values != null)
                values[start + i] = x[start + index];
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong* SortByDigits(ulong* from, ulong* to)
    {
        var counts = stackalloc int[Passes * Digits];
        new Span<int>(counts, Passes * Digits).Clear();
        for (var i = 0; i < columns; i++)
        {
            for (var pass = 0; pass < Passes; pass++)
                counts[pass * Digits + Digit(from[i], pass)]++;
        }

        for (var pass = 0; pass < Passes; pass++)
        {
            var places = counts + pass * Digits;

            // Keys that share the digit are in order.
            if (places[Digit(from[0], pass)] == columns)
                continue;
            for (int digit = 0, place = 0; digit < Digits; digit++)
                (places[digit], place) = (place, place + places[digit]);
            for (var i = 0; i < columns; i++)
                to[places[Digit(from[i], pass)]++] = from[i];
            var free = from;
            from = to;
            to = free;
        }

        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digit(ulong key, int pass) => (int)(key >> (32 + pass * Bits)) & (Digits - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Key(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        if (!areIntegers)
        {
            // The magnitude of negative floats grows with their bits, so all bits but the sign are flipped.
            bits = float.IsNaN(value) ? int.MaxValue : BitConverter.SingleToInt32Bits(value + 0f);
            bits ^= (bits >> 31) & int.MaxValue;
        }

        var key = (uint)bits ^ 0x80000000u;
        return descending ? ~key : key;
    }
}
