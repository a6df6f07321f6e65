namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// What the warps of a kernel executed and what they asked of memory, over all of its launches that were counted.
/// </summary>
internal sealed class KernelTraffic(string name, string[] texts)
{
    private readonly HashSet<ulong> read = [];
    private readonly HashSet<ulong> written = [];

    internal string Name => name;

    internal InstructionTraffic[] Instructions { get; } = [.. texts.Select(t => new InstructionTraffic(t))];

    internal int Launches { get; private set; }

    /// <summary>Different sectors that a launch reads from global memory, and those it writes; launches added up.</summary>
    internal (long Read, long Written) DifferentSectors { get; private set; }

    /// <summary>Sectors read and written, as often as they are.</summary>
    internal (long Read, long Written) Sectors { get; private set; }

    internal long Executed => Instructions.Sum(i => i.Executed);

    internal MemoryTraffic Shared => Sum(i => i.Shared);

    internal MemoryTraffic Global => Sum(i => i.Global);

    /// <summary>How often warps executed instructions whose name begins so.</summary>
    internal long Count(params string[] names) =>
        Instructions.Where(i => names.Any(n => i.Name.StartsWith(n, StringComparison.Ordinal))).Sum(i => i.Executed);

    internal void Count(int instruction, WarpAccess access, bool isShared)
    {
        var traffic = Instructions[instruction];
        if (isShared)
        {
            var (cycles, least) = access.OfSharedMemory();
            traffic.Shared += new MemoryTraffic(1, access.Lanes, access.Lanes * access.Bytes, cycles, least);
            return;
        }

        var sectors = access.Sectors();
        traffic.Global += new MemoryTraffic(1, access.Lanes, access.Lanes * access.Bytes, sectors.Count, access.LeastSectors());
        (access.Writes ? written : read).UnionWith(sectors);
        Sectors = access.Writes
            ? (Sectors.Read, Sectors.Written + sectors.Count)
            : (Sectors.Read + sectors.Count, Sectors.Written);
    }

    internal void EndLaunch()
    {
        Launches++;
        DifferentSectors = (DifferentSectors.Read + read.Count, DifferentSectors.Written + written.Count);
        read.Clear();
        written.Clear();
    }

    private MemoryTraffic Sum(Func<InstructionTraffic, MemoryTraffic> of) =>
        Instructions.Aggregate(default(MemoryTraffic), (sum, i) => sum + of(i));
}

/// <summary>One instruction of a kernel: how often warps executed it, and the memory it asked for.</summary>
internal sealed class InstructionTraffic(string text)
{
    internal string Text => text;

    /// <summary>The text from the instruction's name on, without a predicate before it.</summary>
    internal string Name { get; } = text.StartsWith('@') ? text[text.IndexOfAny([' ', '\t'])..].TrimStart() : text;

    internal long Executed { get; set; }

    internal MemoryTraffic Shared { get; set; }

    internal MemoryTraffic Global { get; set; }
}

/// <summary>
/// Accesses of warps: lanes that took part, bytes they wanted, and what serving them took (cycles of shared memory, or sectors)
/// at least and really.
/// </summary>
internal readonly record struct MemoryTraffic(long Accesses, long Lanes, long Bytes, long Served, long Least)
{
    /// <summary>What serving took, as a multiple of the least.</summary>
    internal double Excess => Least == 0 ? 1 : (double)Served / Least;

    internal double BytesPerLane => Lanes == 0 ? 0 : (double)Bytes / Lanes;

    public static MemoryTraffic operator +(MemoryTraffic a, MemoryTraffic b) =>
        new(a.Accesses + b.Accesses, a.Lanes + b.Lanes, a.Bytes + b.Bytes, a.Served + b.Served, a.Least + b.Least);
}
