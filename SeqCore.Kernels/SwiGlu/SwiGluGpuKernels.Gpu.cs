using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.Operations;

namespace SeqCore.Kernels.SwiGlu;

/// <summary>
/// y = silu(a) b, with a team for each row (<see cref="RowPlace"/>): a thread handles the same columns of a and of b, up to
/// sixteen of each at once.
/// <code>
/// row of x   |--- a: columns ---|--- b: columns ---|
///             ^ thread t         ^ thread t
/// </code>
/// </summary>
internal struct SwiGluGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var row = RowPlace.OfThread(Rows, Columns, Team);
        for (var first = 0; first < Columns; first += Team * RowPlace.PerThread)
        {
            var place = row.At(first);
            var a = RowPart.Load<TAccess>(X, place, 2 * place.Start, 0f);
            var b = RowPart.Load<TAccess>(X, place, 2 * place.Start + Columns, 0f);
            a.Map(default(FastSilu)).Zip(b, default(MultiplyRows)).Store<TAccess>(Y, place);
        }
    }
}

/// <summary>
/// dA = dY b silu'(a) and dB = dY silu(a); threads as in <see cref="SwiGluGpuKernel"/>, so that dX may be x.
/// </summary>
internal struct SwiGluGradientGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> X;
    internal ArrayView<float> DY;
    internal ArrayView<float> DX;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var row = RowPlace.OfThread(Rows, Columns, Team);
        for (var first = 0; first < Columns; first += Team * RowPlace.PerThread)
        {
            var place = row.At(first);
            var a = RowPart.Load<TAccess>(X, place, 2 * place.Start, 0f);
            var b = RowPart.Load<TAccess>(X, place, 2 * place.Start + Columns, 0f);
            var dY = RowPart.Load<TAccess>(DY, place);
            var dB = dY.Zip(a.Map(default(FastSilu)), default(MultiplyRows));
            var dA = dY.Zip(b, default(MultiplyRows)).Zip(a.Map(default(FastSiluDerivative)), default(MultiplyRows));
            dA.Store<TAccess>(DX, place, 2 * place.Start);
            dB.Store<TAccess>(DX, place, 2 * place.Start + Columns);
        }
    }
}

/// <summary><see cref="SiluOperation"/> with the fastest sigmoid, which is computed for every element that is read.</summary>
internal readonly struct FastSilu : IRowMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => SiluOperation.Of(new LaneGpu(x), new LaneGpu(FastExp.Sigmoid(x)), out _).Value;
}

/// <summary>The derivative of <see cref="FastSilu"/>.</summary>
internal readonly struct FastSiluDerivative : IRowMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x)
    {
        _ = SiluOperation.Of(new LaneGpu(x), new LaneGpu(FastExp.Sigmoid(x)), out var slope);
        return slope.Value;
    }
}
