namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// Counts what a group asks of memory as a card serves it, warp by warp: an access is what the lanes of a warp do at the same run
/// of the same instruction. Lanes come one after the other here, so an access is counted when the last lane has been, or
/// when the group is done.
/// </summary>
internal sealed class TrafficWatch(KernelTraffic kernel, PtxThread[] threads)
{
    private readonly Dictionary<(int Warp, int Instruction, int Time, bool IsShared), WarpAccess> open = [];

    internal void NoteShared(PtxThread thread, ulong address, int bytes, bool writes) =>
        Note(thread, address, bytes, isShared: true, writes);

    /// <summary>Blocks of memory, which begin anywhere here, begin with a sector on a card.</summary>
    internal void NoteGlobal(PtxThread thread, ulong address, ulong block, int bytes, bool writes) =>
        Note(thread, address - (block % WarpAccess.SectorBytes), bytes, isShared: false, writes);

    private void Note(PtxThread thread, ulong address, int bytes, bool isShared, bool writes)
    {
        int instruction = thread.Next - 1, warp = thread.Index / PtxMachine.WarpSize;
        var key = (warp, instruction, thread.Executed![instruction], isShared);
        if (!open.TryGetValue(key, out var access))
            open[key] = access = new WarpAccess(bytes, writes);
        access.Add(thread.Index % PtxMachine.WarpSize, address);
        if (access.Lanes == Math.Min(PtxMachine.WarpSize, threads.Length - (warp * PtxMachine.WarpSize)))
        {
            open.Remove(key);
            kernel.Count(instruction, access, isShared);
        }
    }

    /// <summary>
    /// Counts what lanes that were left out kept open, and the instructions: as often as the lane that ran them most.
    /// </summary>
    internal void Finish()
    {
        foreach (var (key, access) in open)
            kernel.Count(key.Instruction, access, key.IsShared);
        foreach (var warp in threads.Chunk(PtxMachine.WarpSize))
        {
            for (var i = 0; i < kernel.Instructions.Length; i++)
                kernel.Instructions[i].Executed += warp.Max(t => t.Executed![i]);
        }
    }
}

/// <summary>The addresses that the lanes of a warp access with one instruction, and the bytes of each access.</summary>
internal sealed class WarpAccess(int bytes, bool writes)
{
    private const ulong Absent = ulong.MaxValue;
    private const int WordBytes = 4;
    private const int Banks = 32;
    internal const int SectorBytes = 32;
    private readonly ulong[] addresses = [.. Enumerable.Repeat(Absent, PtxMachine.WarpSize)];

    internal int Lanes { get; private set; }

    internal int Bytes => bytes;

    internal bool Writes => writes;

    private IEnumerable<ulong> Active => addresses.Where(a => a != Absent);

    internal void Add(int lane, ulong address)
    {
        addresses[lane] = address;
        Lanes++;
    }

    /// <summary>
    /// Cycles of shared memory, and the fewest for the words wanted. A cycle serves 32 banks with a word each, for at most 32
    /// lanes of 4 bytes, 16 of 8 or 8 of 16; twice as many where all lanes agree with the neighbour 1 apart, or
    /// all with that 2 apart.
    /// </summary>
    internal (int Cycles, int Least) OfSharedMemory()
    {
        var served = PtxMachine.WarpSize * WordBytes / Math.Max(bytes, WordBytes);
        if (!writes && bytes > WordBytes && (Agree(1) || Agree(2)))
            served *= 2;
        var parts = addresses.Chunk(served).Select(part => Words(part.Where(a => a != Absent)))
            .Where(words => words.Count > 0).ToList();
        var cycles = parts.Sum(words => words.CountBy(w => w % Banks).Max(b => b.Value));
        return (cycles, Math.Max(Ceiling(Words(Active).Count, Banks), Ceiling(Lanes * bytes, 2 * Banks * WordBytes)));
    }

    /// <summary>The sectors of 32 bytes that are touched.</summary>
    internal HashSet<ulong> Sectors() => [.. Active.SelectMany(a => Units(a, SectorBytes))];

    /// <summary>The fewest sectors for the bytes wanted.</summary>
    internal int LeastSectors() => bytes < WordBytes
        ? Ceiling(Active.Distinct().Count() * bytes, SectorBytes)
        : Ceiling(Words(Active).Count * WordBytes, SectorBytes);

    private static int Ceiling(int count, int by) => (count + by - 1) / by;

    private bool Agree(int apart) => Enumerable.Range(0, addresses.Length)
        .All(lane => addresses[lane] == Absent || addresses[lane ^ apart] == Absent
            || addresses[lane] == addresses[lane ^ apart]);

    private HashSet<ulong> Words(IEnumerable<ulong> from) => [.. from.SelectMany(a => Units(a, WordBytes))];

    private IEnumerable<ulong> Units(ulong address, int size)
    {
        for (var unit = address / (ulong)size; unit <= (address + (ulong)bytes - 1) / (ulong)size; unit++)
            yield return unit;
    }
}
