using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>What becomes of an element once its row's maximum and sum of exponentials are known.</summary>
internal interface ISoftmaxForm
{
    /// <summary>What the elements need of the sum.</summary>
    static abstract float Constant(float sum);

    static abstract float Apply(float x, float max, float constant);
}

/// <summary>e^(x - max) / sum</summary>
internal readonly struct SoftmaxForm : ISoftmaxForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Constant(float sum) => 1f / sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float x, float max, float constant) => FastExp.Of(x - max) * constant;
}

/// <summary>x - max - log(sum)</summary>
internal readonly struct LogSoftmaxForm : ISoftmaxForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Constant(float sum) => Elementary.Log(new LaneGpu(sum)).Value;

    // Not x - (max + log): for logits of 1e6 that sum would lose the logarithm's digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float x, float max, float constant) => x - max - constant;
}

/// <summary>
/// Softmax and log-softmax, a row for each team (<see cref="RowPlace"/>). The maximum and the sum are found together, part after
/// part; the last part stays in registers and is written first, those before it are read again, backwards, since what was read
/// last is still in a cache:
/// <code>
/// read   part 0  part 1  part 2 |  maximum and sum over the team  |  write  part 2,  read and write  part 1  part 0
/// </code>
/// A row of at most 4,096 elements is one part, and read once.
/// </summary>
internal struct SoftmaxGpuKernel<TQuads, TForm> : IGpuKernel
    where TQuads : struct, IQuads
    where TForm : struct, ISoftmaxForm
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run()
    {
        var place = RowPlace.OfThread(Rows, Columns, Team);
        var span = Team * RowPlace.PerThread;
        var found = RowExponentials.None;
        var part = default(RowPart);
        var first = 0;
        for (; first < Columns; first += span)
        {
            part = RowPart.Load<TQuads>(X, place.At(first), float.NegativeInfinity);
            found = found.With(part);
        }

        found = found.OverTeam(Team);
        var form = new Formed(found.Max, TForm.Constant(found.Sum));
        first -= span;
        part.Map(form).Store<TQuads>(Y, place.At(first));
        for (first -= span; first >= 0; first -= span)
            RowPart.Load<TQuads>(X, place.At(first)).Map(form).Store<TQuads>(Y, place.At(first));
    }

    private readonly struct Formed(float max, float constant) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x) => TForm.Apply(x, max, constant);
    }
}
