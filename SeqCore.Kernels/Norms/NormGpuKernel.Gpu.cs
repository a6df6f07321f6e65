using ILGPU;
using SeqCore.Kernels.Random;

namespace SeqCore.Kernels.Norms;

/// <summary>
/// Normalises rows with a team for each row (<see cref="RowPlace"/>), which reads the row into registers once. For the variance
/// each thread computes the mean and squared distances of its own elements, and the team combines them:
/// <code>
/// thread t   n_t, m_t, s_t of its elements
/// team       mean = sum n_t m_t / C      variance = sum (s_t + n_t (m_t - mean)^2) / C
/// </code>
/// Rows of more than 4,096 elements consist of several parts; all but the last are read again before they are written.
/// </summary>
internal struct NormGpuKernel<TKind> : IFloat4Kernel
    where TKind : struct, INormKind
{
    internal ArrayView<float> X;
    internal ArrayView<float> Residual;
    internal ArrayView<float> Sum;
    internal ArrayView<float> Weight;
    internal ArrayView<float> Bias;
    internal ArrayView<float> Y;
    internal ArrayView<float> Mean;
    internal ArrayView<float> Rstd;
    internal int Rows;
    internal int Columns;
    internal int Team;
    internal float Epsilon;
    internal float Dropout;
    internal ulong Seed;
    internal ulong Counter;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Columns, Team);
        var span = Team * RowPlace.PerThread;
        var last = (Columns - 1) / span * span;
        var moments = default(RowMoments);
        var squares = 0f;
        var part = default(RowPart);
        for (var first = 0; first <= last; first += span)
        {
            part = Load<TAccess>(place.At(first));
            if (TKind.Centred)
                moments = moments.With<TAccess>(part, place.At(first));
            else
                squares += part.Map(new SquareFrom(0f)).Sum();
        }

        var mean = 0f;
        if (TKind.Centred)
        {
            mean = TeamReduction.Sum(moments.Count * moments.Mean, Team) / Columns;
            var apart = moments.Mean - mean;
            squares = moments.Squares + moments.Count * apart * apart;
        }

        var rstd = 1f / MathF.Sqrt(TeamReduction.Sum(squares, Team) / Columns + Epsilon);
        if (place.Row < Rows && place.Lane == 0)
        {
            if (Mean.Length != 0)
                Mean[place.Row] = mean;
            if (Rstd.Length != 0)
                Rstd[place.Row] = rstd;
        }

        var norm = new Normalised(mean, rstd);
        Store<TAccess>(part.Map(norm), place.At(last));
        for (var first = last - span; first >= 0; first -= span)
        {
            var again = RowPart.Load<TAccess>(Residual.Length == 0 ? X : Sum, place.At(first));
            Store<TAccess>(again.Map(norm), place.At(first));
        }
    }

    private readonly RowPart Load<TAccess>(RowPlace place) where TAccess : struct, IFloat4Access
    {
        var x = RowPart.Load<TAccess>(X, place);
        if (Residual.Length == 0)
            return x;
        if (Dropout > 0f)
            x = DropoutRowGpu.Apply<TAccess>(x, place, Seed, Counter, Dropout);
        x = x.Zip(RowPart.Load<TAccess>(Residual, place), default(AddRows));
        x.Store<TAccess>(Sum, place);
        return x;
    }

    private readonly void Store<TAccess>(RowPart n, RowPlace place) where TAccess : struct, IFloat4Access
    {
        if (Weight.Length != 0)
            n = n.Zip(RowPart.Load<TAccess>(Weight, place, 0, 1f), default(MultiplyRows));
        if (Bias.Length != 0)
            n = n.Zip(RowPart.Load<TAccess>(Bias, place, 0, 0f), default(AddRows));
        n.Store<TAccess>(Y, place);
    }
}
