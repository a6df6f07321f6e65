using ILGPU;
using SeqCore.Kernels.Operations;

namespace SeqCore.Kernels.MatMul;

/// <summary>Stores sums as C = activation(alpha sum + beta C + bias).</summary>
internal struct ProductOutput
{
    internal ArrayView<float> C;
    internal ArrayView<float> Bias;
    internal int M;
    internal int N;
    internal int RowStride;
    internal int BatchStride;

    /// <summary>The distance between the parts of a split sum, if this is temporary memory for the parts.</summary>
    internal int SplitStride;

    internal float Alpha;
    internal float Beta;
    internal Activation Activation;

    /// <summary>Returns the position of a matrix's first element.</summary>
    internal readonly int Start(int batch, int split) => (batch * BatchStride) + (split * SplitStride);

    /// <summary>Stores four neighbours of a row of the matrix that starts at the given element, as far as they exist.</summary>
    internal readonly void Store<TAccess>(int start, int row, int column, Float4 sums) where TAccess : struct, IFloat4Access
    {
        if (row >= M || column >= N)
            return;
        var at = start + (row * RowStride) + column;
        if (TAccess.IsAligned)
        {
            var c = Float4.Cast(C);
            var old = default(Float4);
            if (Beta != 0f)
                old = c[at >> 2];
            c[at >> 2] = new Float4(Finish(sums.X, old.X, column), Finish(sums.Y, old.Y, column + 1),
                Finish(sums.Z, old.Z, column + 2), Finish(sums.W, old.W, column + 3));
            return;
        }

        Store(at, column, sums.X);
        if (column + 1 < N)
            Store(at + 1, column + 1, sums.Y);
        if (column + 2 < N)
            Store(at + 2, column + 2, sums.Z);
        if (column + 3 < N)
            Store(at + 3, column + 3, sums.W);
    }

    /// <summary>
    /// Stores the element of row q and column p of the matrix or, if swapped, of row p and column q, if it exists.
    /// </summary>
    internal readonly void StoreThin(int start, int swapped, int q, int p, float sum)
    {
        int row = swapped != 0 ? p : q, column = swapped != 0 ? q : p;
        if (row < M && column < N)
            Store(start + (row * RowStride) + column, column, sum);
    }

    /// <summary>Stores an element of a column.</summary>
    internal readonly void Store(int at, int column, float sum)
    {
        var old = 0f;
        if (Beta != 0f)
            old = C[at];
        C[at] = Finish(sum, old, column);
    }

    private readonly float Finish(float sum, float old, int column)
    {
        var x = (Alpha * sum) + (Beta * old);
        if (Bias.IntLength != 0)
            x += Bias[column];
        if (Activation == Activation.Relu)
            x = default(ReluOperation).Apply(new LaneGpu(x)).Value;
        else if (Activation == Activation.Tanh)
            x = default(TanhOperation).Apply(new LaneGpu(x)).Value;
        else if (Activation == Activation.Sigmoid)
            x = default(SigmoidOperation).Apply(new LaneGpu(x)).Value;
        else if (Activation == Activation.GeluTanh)
            x = default(GeluTanhOperation).Apply(new LaneGpu(x)).Value;
        return x;
    }
}
