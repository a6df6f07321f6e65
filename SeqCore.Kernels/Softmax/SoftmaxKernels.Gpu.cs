using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Softmax;

/// <summary>Computes the result of an element from its row's maximum and sum of exponentials.</summary>
internal interface ISoftmaxVariant
{
    /// <summary>Returns the constant that the elements need of the sum; their exponentials times below are e^(x - max).</summary>
    static abstract float Constant(float sum, float below);

    static abstract float Apply(float x, float exponential, float max, float constant);
}

/// <summary>e^(x - max) / sum</summary>
internal readonly struct SoftmaxVariant : ISoftmaxVariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Constant(float sum, float below) => below * (1f / sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float x, float exponential, float max, float constant) => exponential * constant;
}

/// <summary>x - max - log(sum)</summary>
internal readonly struct LogSoftmaxVariant : ISoftmaxVariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Constant(float sum, float below) => Elementary.Log(new LaneGpu(sum)).Value;

    // Not x - (max + log): for logits of 1e6 that sum would lose the logarithm's digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Apply(float x, float exponential, float max, float constant) => x - max - constant;
}

/// <summary>
/// Computes softmax or log-softmax with a team for each row (<see cref="RowPlace"/>). The maximum and the sum are computed
/// together, part by part. The last part and its exponentials stay in registers and are written first; the parts before it are
/// read again in reverse order, since the last ones read are still in a cache:
/// <code>
/// read   part 0  part 1  part 2 |  maximum and sum over the team  |  write  part 2,  read and write  part 1  part 0
/// </code>
/// A row of at most 4,096 elements is one part, and read once.
/// </summary>
internal struct SoftmaxGpuKernel<TVariant> : IFloat4Kernel
    where TVariant : struct, ISoftmaxVariant
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Columns, Team);
        var span = Team * RowPlace.PerThread;
        var found = RowExponentials.None;
        RowPart part = default, exponentials = default;
        var first = 0;
        for (; first < Columns; first += span)
        {
            part = RowPart.Load<TAccess>(X, place.At(first), float.NegativeInfinity);
            found = found.With(part, out exponentials);
        }

        found = found.OverTeam(Team, out var below);
        first -= span;
        part.Zip(exponentials, new Formed(found.Max, TVariant.Constant(found.Sum, below))).Store<TAccess>(Y, place.At(first));
        var form = new Formed(found.Max, TVariant.Constant(found.Sum, 1f));
        for (first -= span; first >= 0; first -= span)
        {
            part = RowPart.Load<TAccess>(X, place.At(first));
            part.Zip(part.Map(new ExpBelow(found.Max)), form).Store<TAccess>(Y, place.At(first));
        }
    }

    private readonly struct Formed(float max, float constant) : IRowZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x, float exponential) => TVariant.Apply(x, exponential, max, constant);
    }
}
