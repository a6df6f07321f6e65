using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

internal sealed partial class GpuMemoryPool
{
    /// <summary>An allocation of the driver.</summary>
    internal sealed class Slab
    {
        internal static readonly Slab None = new(0);
        internal static readonly Slab Last = new(int.MaxValue);

        internal Slab(int number, MemoryBuffer1D<byte, Stride1D.Dense> memory, bool isSmall)
        {
            Number = number;
            Memory = memory;
            IsSmall = isSmall;
            First = new Block(this, 0, memory.LengthInBytes) { IsFree = true };
        }

        private Slab(int number)
        {
            Number = number;
            Memory = null!;
            First = null!;
        }

        internal int Number { get; }

        /// <summary>Whether it is for small requests.</summary>
        internal bool IsSmall { get; }

        internal MemoryBuffer1D<byte, Stride1D.Dense> Memory { get; }

        internal Block First { get; }

        internal IEnumerable<Block> Blocks()
        {
            for (Block? block = First; block is not null; block = block.Next)
                yield return block;
        }
    }

    /// <summary>A part of a slab, between its neighbours.</summary>
    internal sealed class Block(Slab slab, long start, long bytes)
    {
        internal Slab Slab { get; } = slab;

        internal long Start { get; } = start;

        internal long Bytes { get; private set; } = bytes;

        internal bool IsFree { get; set; }

        internal Block? Next { get; private set; }

        internal Block? Previous { get; private set; }

        internal ArrayView<byte> View => Slab.Memory.View.AsContiguous().SubView(Start, Bytes);

        /// <summary>Keeps the first bytes and returns the rest as a free block.</summary>
        internal Block Split(long size)
        {
            var rest = new Block(Slab, Start + size, Bytes - size) { IsFree = true, Previous = this, Next = Next };
            if (Next is not null)
                Next.Previous = rest;
            Next = rest;
            Bytes = size;
            return rest;
        }

        internal void JoinNext()
        {
            Bytes += Next!.Bytes;
            Next = Next.Next;
            if (Next is not null)
                Next.Previous = this;
        }
    }
}
