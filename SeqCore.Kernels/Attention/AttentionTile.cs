using System.Runtime.CompilerServices;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>A few queries of one head by a block of keys: where its visible part lies, and the products with it.</summary>
internal readonly unsafe ref struct AttentionTile
{
    private readonly ref readonly AttentionPlan plan;
    private readonly int b;
    private readonly int n;

    internal AttentionTile(ref readonly AttentionPlan plan, int b, int n, int row, int rows, int key, int keys)
    {
        this.plan = ref plan;
        (this.b, this.n) = (b, n);
        (Row, Rows, Key) = (row, rows, key);
        FirstKey = Math.Max(key, plan.FirstKey(row));
        EndKey = Math.Min(key + keys, plan.EndKey(b, row + rows - 1));
        FirstKey = plan.Blocks.NextSeen(b, n, row, rows, FirstKey, EndKey);
        EndKey = plan.Blocks.LastSeen(b, n, row, rows, FirstKey, EndKey);
    }

    /// <summary>First query.</summary>
    internal int Row { get; }

    /// <summary>Queries.</summary>
    internal int Rows { get; }

    /// <summary>First key of the block: column 0 of the tile's scores; a multiple of the panels' width.</summary>
    internal int Key { get; }

    /// <summary>First key of the block that some query sees.</summary>
    internal int FirstKey { get; }

    /// <summary>End of the keys of the block that some query sees.</summary>
    internal int EndKey { get; }

    internal bool IsEmpty => FirstKey >= EndKey;

    private int KeyHead => n / plan.Group;

    /// <summary>Whether some query of the tile does not see one of its keys.</summary>
    internal bool IsPartial => SeenByAll != (FirstKey, EndKey);

    /// <summary>The keys that all queries of the tile see; none with a mask or blocks, which may hide any.</summary>
    internal (int First, int End) SeenByAll
    {
        get
        {
            var first = plan.HasHoles ? EndKey : Math.Clamp(plan.FirstKey(Row + Rows - 1), FirstKey, Math.Max(FirstKey, EndKey));
            return (first, Math.Max(first, Math.Min(EndKey, plan.EndKey(b, Row))));
        }
    }

    /// <summary>
    /// The keys of the block that query Row + r sees, within [FirstKey, EndKey]; empty where the two are equal, as where the
    /// query's window begins after the block.
    /// </summary>
    internal (int Key, int End) Visible(int r)
    {
        var key = Math.Clamp(plan.FirstKey(Row + r), FirstKey, Math.Max(FirstKey, EndKey));
        return (key, Math.Max(key, Math.Min(EndKey, plan.EndKey(b, Row + r))));
    }

    internal bool IsMasked<T>() where T : struct, IVectorLane<T> => plan.IsMasked<T>(b, n, Row, Rows, FirstKey, EndKey);

    /// <summary>
    /// products[r, j - Key] = scale left_r right_j over size elements, by whole panels, for all keys that some query sees.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Scores<T>(in HeadsPointer left, AttentionPanels right, int size, float scale, float* products, int stride)
        where T : struct, IVectorLane<T>
    {
        var tile =
            new Tile { ARowStride = left.StepStride, AColumnStride = 1, BStride = right.Width, CStride = stride, Alpha = scale };
        var a = left.Head(b, n) + (Row * left.StepStride);
        for (var panel = FirstKey / right.Width; panel * right.Width < EndKey; panel++)
        {
            MicroKernel.Rows<T>(tile, Rows, size, a, right.Panel(b, KeyHead, panel),
                products + ((panel * right.Width) - Key));
        }
    }

    /// <summary>
    /// results_r += scale sum_j weights[r, j - Key] right_j over the keys that some query sees. With finite rows, in which NaN
    /// and infinity are replaced by 0, the product takes those, and adds what was replaced only where its weight is not 0, since
    /// 0 times NaN would be NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddProduct<T>(float* weights, int stride, AttentionPanels right, FiniteRows? finite, float* results, int width,
        float scale)
        where T : struct, IVectorLane<T>
    {
        var rows = finite?.Rows ?? right.Of(b, KeyHead);
        var tile = new Tile
        {
            ARowStride = stride,
            AColumnStride = 1,
            BStride = rows.RowStride,
            CStride = width,
            Alpha = scale,
            Accumulate = true,
        };
        for (var panel = 0; panel * right.Width < width; panel++)
        {
            right.AddProduct<T>(tile, Rows, EndKey - FirstKey, weights + (FirstKey - Key),
                rows.Row(panel, FirstKey), results + (panel * right.Width));
        }

        finite?.AddRest(weights + (FirstKey - Key), stride, 1, Rows, FirstKey, EndKey, results, width, scale);
    }

    /// <summary>Sets the weights of keys [key, end) to 0.</summary>
    internal void Clear(float* row, int key, int end)
    {
        if (key < end)
            new Span<float>(row + (key - Key), end - key).Clear();
    }
}
