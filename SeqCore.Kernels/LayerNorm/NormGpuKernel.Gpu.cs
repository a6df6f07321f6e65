using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Normalises rows, a row for each team (<see cref="RowPlace"/>), the row in registers from one reading. For the variance each
/// thread takes mean and squared distances of its own elements, and the team combines them:
/// <code>
/// thread t   n_t, m_t, s_t of its elements
/// team       mean = sum n_t m_t / C      variance = sum (s_t + n_t (m_t - mean)^2) / C
/// </code>
/// Rows above 4,096 elements are parts, of which all but the last are read again to be written.
/// </summary>
internal struct NormGpuKernel<TQuads, TForm> : IGpuKernel
    where TQuads : struct, IQuads
    where TForm : struct, INormForm
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

    public readonly void Run()
    {
        var place = RowPlace.OfThread(Rows, Columns, Team);
        var span = Team * RowPlace.PerThread;
        var last = (Columns - 1) / span * span;
        var moments = default(RowMoments);
        var squares = 0f;
        var part = default(RowPart);
        for (var first = 0; first <= last; first += span)
        {
            part = Load(place.At(first));
            if (TForm.Centred)
                moments = moments.With<TQuads>(part, place.At(first));
            else
                squares += part.Map(new SquareFrom(0f)).Sum();
        }

        var mean = 0f;
        if (TForm.Centred)
        {
            mean = RowReduction.Sum(moments.Count * moments.Mean, Team) / Columns;
            var apart = moments.Mean - mean;
            squares = moments.Squares + moments.Count * apart * apart;
        }

        var rstd = 1f / MathF.Sqrt(RowReduction.Sum(squares, Team) / Columns + Epsilon);
        if (place.Row < Rows && place.Lane == 0)
        {
            if (Mean.Length != 0)
                Mean[place.Row] = mean;
            if (Rstd.Length != 0)
                Rstd[place.Row] = rstd;
        }

        var norm = new Normalised(mean, rstd);
        Store(part.Map(norm), place.At(last));
        for (var first = last - span; first >= 0; first -= span)
        {
            var again = RowPart.Load<TQuads>(Residual.Length == 0 ? X : Sum, place.At(first));
            Store(again.Map(norm), place.At(first));
        }
    }

    private readonly RowPart Load(RowPlace place)
    {
        var x = RowPart.Load<TQuads>(X, place);
        if (Residual.Length == 0)
            return x;
        x = x.Zip(RowPart.Load<TQuads>(Residual, place), default(AddRows));
        x.Store<TQuads>(Sum, place);
        return x;
    }

    private readonly void Store(RowPart n, RowPlace place)
    {
        if (Weight.Length != 0)
            n = n.Zip(RowPart.Load<TQuads>(Weight, place, 0, 1f), default(MultiplyRows));
        if (Bias.Length != 0)
            n = n.Zip(RowPart.Load<TQuads>(Bias, place, 0, 0f), default(AddRows));
        n.Store<TQuads>(Y, place);
    }
}
