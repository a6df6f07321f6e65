namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>The device memory that is rented at a launch: a kernel may touch nothing else.</summary>
internal sealed class MemoryMap(IEnumerable<(nint Start, long Bytes)> blocks)
{
    private readonly (ulong Start,
        ulong End)[] sorted = [.. blocks.Select(b => ((ulong)b.Start, (ulong)(b.Start + b.Bytes))).Order()];

    /// <summary>Checks an access; returns where its block of memory begins.</summary>
    internal ulong Check(ulong address, int bytes, string instruction)
    {
        int low = 0, high = sorted.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (sorted[middle].Start <= address)
                low = middle;
            else
                high = middle - 1;
        }

        if (sorted.Length == 0 || address < sorted[low].Start || address + (ulong)bytes > sorted[low].End)
        {
            throw new InvalidOperationException($"'{instruction}' touches memory that is not rented,"
                + $" {(sorted.Length > 0 && address >= sorted[low].Start ? (long)(address - sorted[low].End) : -1)} bytes past"
                + " the end of a block.");
        }

        return sorted[low].Start;
    }
}
