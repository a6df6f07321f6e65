namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>One thread on the <see cref="PtxMachine"/>.</summary>
internal sealed class PtxThread(int index, PtxGroup group, ulong[] registers, int localBytes)
{
    /// <summary>Position in its group.</summary>
    internal int Index { get; } = index;

    internal PtxGroup Group { get; } = group;

    /// <summary>All registers, constants and special registers, in the slots that the kernel's text was given.</summary>
    internal ulong[] Registers { get; } = registers;

    internal byte[] Local { get; } = GC.AllocateArray<byte>(localBytes, pinned: true);

    /// <summary>The instruction to run next.</summary>
    internal int Next { get; set; }

    /// <summary>How often it has executed each instruction, where traffic is counted.</summary>
    internal int[]? Executed { get; init; }

    internal ThreadState State { get; set; }

    /// <summary>Turns in a row that it has used up without coming to a barrier.</summary>
    internal int Slices { get; set; }

    /// <summary>
    /// At a barrier that asks whether some thread says so: what this one says, and the register for the answer.
    /// </summary>
    internal (int Slot, bool Says)? Asks { get; set; }

    /// <summary>Instructions that the warp has run together so far.</summary>
    internal int WarpPhase { get; set; }

    /// <summary>What the warp does once all of it has come here.</summary>
    internal Action<PtxThread[]>? OfWarp { get; set; }

    /// <summary>
    /// Asynchronous copies not waited for yet, by the group they were committed in; the last group is still open.
    /// </summary>
    internal List<List<Action>> Copies { get; } = [[]];

    /// <summary>Does the copies of all groups but the last few.</summary>
    internal void FinishCopies(int kept)
    {
        while (Copies.Count > kept)
        {
            foreach (var copy in Copies[0])
                copy();
            Copies.RemoveAt(0);
        }

        if (Copies.Count == 0)
            Copies.Add([]);
    }

    internal float Float(int slot) => BitConverter.UInt32BitsToSingle((uint)Registers[slot]);

    internal double Double(int slot) => BitConverter.UInt64BitsToDouble(Registers[slot]);

    internal void Set(int slot, float value) => Registers[slot] = BitConverter.SingleToUInt32Bits(value);

    internal void Set(int slot, double value) => Registers[slot] = BitConverter.DoubleToUInt64Bits(value);

    internal void Set(int slot, bool value) => Registers[slot] = value ? 1u : 0u;
}

/// <summary>What a thread does.</summary>
internal enum ThreadState
{
    Running,

    /// <summary>Has come to bar.sync or bar.red.</summary>
    AtBarrier,

    /// <summary>Has come to an instruction that the warp runs together.</summary>
    AtWarp,

    Done,
}

/// <summary>The threads of one group and their shared memory.</summary>
internal sealed class PtxGroup
{
    private readonly byte[] shared;

    internal PtxGroup(PtxKernel kernel, (int X, int Y, int Z) position, (int X, int Y, int Z) grid, int threads,
        byte[] parameters, int dynamicShared, MemoryMap map, KernelTraffic? traffic = null)
    {
        SharedBytes = kernel.SharedBytes + (dynamicShared > 0 ? dynamicShared + 16 : 0);
        shared = GC.AllocateArray<byte>(SharedBytes + 16, pinned: true);
        Watch = new SharedMemoryWatch(SharedBytes);
        Map = map;

        // What nobody wrote is not zero on a device either.
        Array.Fill(shared, (byte)0xff);
        Parameters = parameters;
        Threads = new PtxThread[threads];
        for (var i = 0; i < threads; i++)
        {
            var registers = (ulong[])kernel.Initial.Clone();
            kernel.SetSpecial(registers, "%tid.x", i);
            kernel.SetSpecial(registers, "%ntid.x", threads);
            kernel.SetSpecial(registers, "%ntid.y", 1);
            kernel.SetSpecial(registers, "%ntid.z", 1);
            kernel.SetSpecial(registers, "%laneid", i % PtxMachine.WarpSize);
            kernel.SetSpecial(registers, "%ctaid.x", position.X);
            kernel.SetSpecial(registers, "%ctaid.y", position.Y);
            kernel.SetSpecial(registers, "%ctaid.z", position.Z);
            kernel.SetSpecial(registers, "%nctaid.x", grid.X);
            kernel.SetSpecial(registers, "%nctaid.y", grid.Y);
            kernel.SetSpecial(registers, "%nctaid.z", grid.Z);
            kernel.SetSpecial(registers, "%dynamic_smem_size", dynamicShared);
            Threads[i] = new PtxThread(i, this, registers, kernel.LocalBytes)
            {
                Executed = traffic is null ? null : new int[kernel.Code.Length],
            };
        }

        Traffic = traffic is null ? null : new TrafficWatch(traffic, Threads);
    }

    internal PtxThread[] Threads { get; }

    internal int SharedBytes { get; }

    internal SharedMemoryWatch Watch { get; }

    /// <summary>Races for global memory are looked for too with SEQCORE_TEST_RACES=1, which takes longer.</summary>
    internal GlobalMemoryWatch? GlobalWatch { get; } =
        Environment.GetEnvironmentVariable("SEQCORE_TEST_RACES") == "1" ? new() : null;

    /// <summary>Counts accesses where <see cref="TrafficTable"/> asks for it.</summary>
    internal TrafficWatch? Traffic { get; }

    internal MemoryMap Map { get; }

    /// <summary>Whether asynchronous copies arrive at once instead of as late as they may.</summary>
    internal bool CopiesAtOnce { get; init; }

    internal byte[] Parameters { get; }

    /// <summary>Where shared memory begins; addresses of shared memory are offsets from it.</summary>
    internal unsafe byte* Shared => (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(shared, 0);
}
