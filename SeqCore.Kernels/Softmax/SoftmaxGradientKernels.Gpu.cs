using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Softmax;

/// <summary>Computes the gradient of an element from a total over its row.</summary>
internal interface ISoftmaxGradientVariant
{
    /// <summary>Returns an element's term of the total.</summary>
    static abstract float Term(float y, float dY);

    static abstract float Apply(float y, float dY, float total);
}

/// <summary>y (dY - sum dY y)</summary>
internal readonly struct SoftmaxGradientVariant : ISoftmaxGradientVariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Term(float y, float dY) => dY * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float y, float dY, float total) => y * (dY - total);
}

/// <summary>dY - e^y sum dY</summary>
internal readonly struct LogSoftmaxGradientVariant : ISoftmaxGradientVariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Term(float y, float dY) => dY;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float y, float dY, float total) => dY - FastExp.Of(y) * total;
}

/// <summary>
/// Computes the gradients of softmax and log-softmax: one total over the row, then each element, in parts as in
/// <see cref="SoftmaxGpuKernel{TVariant}"/>.
/// </summary>
internal struct SoftmaxGradientGpuKernel<TVariant> : IFloat4Kernel
    where TVariant : struct, ISoftmaxGradientVariant
{
    internal ArrayView<float> Y;
    internal ArrayView<float> DY;
    internal ArrayView<float> DX;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Columns, Team);
        var span = Team * RowPlace.PerThread;
        var total = 0f;
        RowPart y = default, dY = default;
        var first = 0;
        for (; first < Columns; first += span)
        {
            y = RowPart.Load<TAccess>(Y, place.At(first));
            dY = RowPart.Load<TAccess>(DY, place.At(first));
            total += y.Zip(dY, default(Term)).Sum();
        }

        var form = new Formed(TeamReduction.Sum(total, Team));
        first -= span;
        y.Zip(dY, form).Store<TAccess>(DX, place.At(first));
        for (first -= span; first >= 0; first -= span)
        {
            y = RowPart.Load<TAccess>(Y, place.At(first));
            dY = RowPart.Load<TAccess>(DY, place.At(first));
            y.Zip(dY, form).Store<TAccess>(DX, place.At(first));
        }
    }

    private readonly struct Term : IRowZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x, float y) => TVariant.Term(x, y);
    }

    private readonly struct Formed(float total) : IRowZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x, float y) => TVariant.Apply(x, y, total);
    }
}
