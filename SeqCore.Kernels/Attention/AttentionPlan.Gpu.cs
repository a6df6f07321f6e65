using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.Random;

namespace SeqCore.Kernels.Attention;

/// <summary>A <see cref="HeadsSpan"/> as a kernel reads and writes it.</summary>
internal struct HeadsGpu
{
    internal ArrayView<float> Data;
    internal int BatchStride;
    internal int HeadStride;
    internal int StepStride;

    /// <summary>The first element of a head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Head(int b, int n) => (b * BatchStride) + (n * HeadStride);

    /// <summary>
    /// Elements [column, column + 4) of the row that starts at an element, 0 beyond its size; column is a multiple of 4.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Float4 Load<TAccess>(int row, int column, int size) where TAccess : struct, IFloat4Access =>
        TAccess.Load(Data, row + column, 1, size - column, 0f);

    /// <summary>Writes what <see cref="Load"/> reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store<TAccess>(int row, int column, int size, Float4 value) where TAccess : struct, IFloat4Access =>
        TAccess.Store(value, Data, row + column, 1, size - column);
}

/// <summary>Where a query's rows of the mask and of the table of blocks begin; 0 where there is none.</summary>
internal struct AttentionGpuRows
{
    internal int Mask;
    internal int Blocks;
}

/// <summary>Which keys a query sees by its position, the window and the length: [First, End).</summary>
internal struct VisibleKeys
{
    internal int First;
    internal int End;
}

/// <summary>
/// What every kernel of an attention needs to know: sizes, which keys a query sees, what is added to its scores;
/// <see cref="AttentionPlan"/> for the GPU.
/// </summary>
internal struct AttentionGpuPlan
{
    internal int HeadCount;
    internal int KeyHeadCount;
    internal int QueryLength;
    internal int KeyLength;
    internal int HeadSize;
    internal int ValueSize;
    internal int QueryOffset;
    internal int IsCausal;
    internal int Window;
    internal float Scale;
    internal float Softcap;
    internal ArrayView<int> KeyLengths;
    internal ArrayView<float> Mask;
    internal int MaskBatchStride;
    internal int MaskHeadStride;
    internal int MaskQueryStride;
    internal ArrayView<int> Blocks;
    internal ArrayView<int> BlocksByKey;
    internal ArrayView<int> BlockMasks;
    internal int BlockBatchStride;
    internal int BlockHeadStride;
    internal ArrayView<float> Slopes;
    internal float Dropout;
    internal float KeptScale;
    internal ulong Seed;
    internal ulong Counter;
    internal ArrayView<int> Notes;
    internal int Number;

    /// <summary>Query heads that share a key head.</summary>
    internal readonly int Group => HeadCount / KeyHeadCount;

    internal readonly bool HasMask => Mask.IntLength > 0;

    /// <summary>Whether keys may be hidden between keys that a query sees.</summary>
    internal readonly bool HasHoles => Mask.IntLength > 0 || Blocks.IntLength > 0;

    /// <summary>The greater of the head sizes of keys and values.</summary>
    internal readonly int WidestSize => HeadSize > ValueSize ? HeadSize : ValueSize;

    /// <summary>The keys of a sequence; a length that is out of range is noted and brought into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Keys(int b)
    {
        if (KeyLengths.IntLength == 0)
            return KeyLength;
        var length = KeyLengths[b];
        if (length >= 0 && length <= KeyLength)
            return length;
        IndexProblems.Note(Notes, Number, b, length);
        return length < 0 ? 0 : KeyLength;
    }

    /// <summary>
    /// Returns the keys that query i sees of a sequence with a number of keys, by the causal mask and the window; none if there
    /// is no such query. Neither end falls as i grows to T - 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly VisibleKeys Visible(int i, int keys)
    {
        var position = (long)QueryOffset + i;
        long first = 0, end = keys;
        if (Window > 0)
        {
            first = position - Window + 1;
            if (position + Window < end)
                end = position + Window;
        }

        if (IsCausal != 0 && position + 1 < end)
            end = position + 1;
        if (end < 0 || i >= QueryLength)
            end = 0;
        return new VisibleKeys { First = first < 0 ? 0 : first > KeyLength ? KeyLength : (int)first, End = (int)end };
    }

    /// <summary>
    /// Whether some of queries [first, last] do not see some of keys [key, key + keys), or may not because of a mask or of
    /// blocks.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool IsPartial(int first, int last, int length, int key, int keys) =>
        HasHoles || last >= QueryLength || Visible(last, length).First > key || Visible(first, length).End < key + keys;

    /// <summary>Where the rows of a query begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly AttentionGpuRows Rows(int b, int n, int i) => new()
    {
        Mask = (b * MaskBatchStride) + (n * MaskHeadStride) + (i * MaskQueryStride),
        Blocks = BlockRow(b, n, i),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int BlockRow(int b, int n, int i) => (b * BlockBatchStride) + (n * BlockHeadStride)
        + (i / AttentionBlocks.Size * ((KeyLength + AttentionBlocks.Size - 1) / AttentionBlocks.Size));

    /// <summary>The first key from one on whose block is not empty for a query; end or more where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int NextKey(int b, int n, int query, int key, int end)
    {
        while (Blocks.IntLength > 0 && key < end)
        {
            var entry = Blocks[BlockRow(b, n, query) + (key / AttentionBlocks.Size)];
            if (entry >= 0)
                break;
            key = (key / AttentionBlocks.Size - entry) * AttentionBlocks.Size;
        }

        return key;
    }

    /// <summary>The first query from one on whose block is not empty for a key; end or more where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int NextQuery(int b, int n, int key, int query, int end)
    {
        while (Blocks.IntLength > 0 && query < end)
        {
            var rows = (QueryLength + AttentionBlocks.Size - 1) / AttentionBlocks.Size;
            var entry = BlocksByKey[(b * BlockBatchStride) + (n * BlockHeadStride) + (key / AttentionBlocks.Size * rows)
                + (query / AttentionBlocks.Size)];
            if (entry >= 0)
                break;
            query = (query / AttentionBlocks.Size - entry) * AttentionBlocks.Size;
        }

        return query;
    }

    /// <summary>Whether the blocks let query i see key j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool IsInBlocks(AttentionGpuRows rows, int i, int j)
    {
        if (Blocks.IntLength == 0)
            return true;
        var entry = Blocks[rows.Blocks + (j / AttentionBlocks.Size)];
        if (entry <= 0)
            return entry == 0;
        var number = ((entry - 1) * AttentionBlocks.MaskLength) + (2 * (i % AttentionBlocks.Size))
            + (j % AttentionBlocks.Size / 32);
        return ((BlockMasks[number] >> (j % 32)) & 1) != 0;
    }

    /// <summary>
    /// Turns products q k into cap tanh(scale q k / cap) if there is a cap, and leaves them unscaled otherwise:
    /// <see cref="Scores{TCap}"/>, <see cref="Score{TCap}"/> and <see cref="WholeScores{TCap}"/> continue from both.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Float4 Cap<TCap>(Float4 products) where TCap : struct, IAttentionCap => TCap.IsCapped
        ? new Float4(Cap<TCap>(products.X), Cap<TCap>(products.Y), Cap<TCap>(products.Z), Cap<TCap>(products.W))
        : products;

    /// <summary>The same for one product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly float Cap<TCap>(float product) where TCap : struct, IAttentionCap => TCap.IsCapped
        ? Softcap * Elementary.Tanh(new LaneGpu(Scale * product / Softcap)).Value
        : product;

    /// <summary>
    /// Turns gradients of scores into gradients of scaled products: multiplies them by 1 - (s / cap)^2 if there is a cap.
    /// </summary>
    /// <param name="gradients">The gradients of four scores.</param>
    /// <param name="s">The result of <see cref="Cap{TCap}(Float4)"/> for them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Float4 Uncap<TCap>(Float4 gradients, Float4 s) where TCap : struct, IAttentionCap => TCap.IsCapped
        ? new Float4(Uncap(gradients.X, s.X), Uncap(gradients.Y, s.Y), Uncap(gradients.Z, s.Z), Uncap(gradients.W, s.W))
        : gradients;

    // The gradient of a hidden key is 0, but its product may be NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float Uncap(float gradient, float s)
    {
        var t = s / Softcap;
        return gradient == 0f ? 0f : gradient * (1f - (t * t));
    }

    /// <summary>
    /// Scores of keys that the query sees, with nothing added, from the result of <see cref="Cap{TCap}(Float4)"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Float4 WholeScores<TCap>(Float4 products) where TCap : struct, IAttentionCap =>
        TCap.IsCapped ? products : Float4.Scale(Scale, products);

    /// <summary>
    /// Scores of query i for keys j .. j + 3 from the result of <see cref="Cap{TCap}(Float4)"/>; minus infinity where it does not
    /// see the key.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Float4 Scores<TCap>(Float4 products, VisibleKeys visible, AttentionGpuRows rows, float slope, int i, int j)
        where TCap : struct, IAttentionCap
    {
        if (visible.First <= j && j + 4 <= visible.End && !HasHoles && Slopes.IntLength == 0)
            return WholeScores<TCap>(products);
        return new Float4(
            Score<TCap>(products.X, visible, rows, slope, i, j),
            Score<TCap>(products.Y, visible, rows, slope, i, j + 1),
            Score<TCap>(products.Z, visible, rows, slope, i, j + 2),
            Score<TCap>(products.W, visible, rows, slope, i, j + 3));
    }

    /// <summary>The score of query i for key j, or minus infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly float Score<TCap>(float product, VisibleKeys visible, AttentionGpuRows rows, float slope, int i, int j)
        where TCap : struct, IAttentionCap
    {
        if (j < visible.First || j >= visible.End || !IsInBlocks(rows, i, j))
            return float.NegativeInfinity;
        var score = TCap.IsCapped ? product : Scale * product;
        if (Mask.IntLength > 0)
        {
            // What the mask hides stays hidden where the product is NaN or plus infinity.
            var added = Mask[rows.Mask + j];
            score = added == float.NegativeInfinity ? added : score + added;
        }

        if (Slopes.IntLength > 0)
            score -= slope * IntrinsicMath.Abs((float)((long)QueryOffset + i - j));
        return score;
    }

    /// <summary>
    /// 0 if query i sees one of keys j .. j + 3; minus infinity if the mask hides them all, or they are hidden anyway.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly float Unmasked(VisibleKeys visible, AttentionGpuRows rows, int j)
    {
        var seen = float.NegativeInfinity;
        for (var e = j; e < j + 4; e++)
        {
            // A mask that is NaN hides nothing.
            if (e >= visible.First && e < visible.End && !(Mask[rows.Mask + e] == float.NegativeInfinity))
                seen = 0f;
        }

        return seen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly float Slope(int n) => Slopes.IntLength > 0 ? Slopes[n] : 0f;

    /// <summary>
    /// What dropout multiplies the weights of keys j .. j + 3 by, j being a multiple of 4: one block of Philox's words.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Float4 Kept(int b, int n, int i, int j)
    {
        var row = ((((long)b * HeadCount) + n) * QueryLength) + i;
        var blocks = (KeyLength + 3L) / 4;
        var uniform = PhiloxGpu.Block(Seed, Counter + (ulong)((row * blocks) + (j >> 2))).Uniform;
        return new Float4(
            uniform.X < Dropout ? 0f : KeptScale,
            uniform.Y < Dropout ? 0f : KeptScale,
            uniform.Z < Dropout ? 0f : KeptScale,
            uniform.W < Dropout ? 0f : KeptScale);
    }
}
