using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.CopyMixture;

/// <summary>
/// log p + log-softmax of each row, as if nothing were copied, with a team for each row (<see cref="RowPlace"/>); the parts of a
/// long row are read again in reverse order, since the last ones read are still in a cache.
/// </summary>
internal struct CopyMixtureGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Logits;
    internal ArrayView<float> Gates;
    internal ArrayView<int> Lengths;
    internal ArrayView<float> LogProbabilities;
    internal ArrayView<float> Normalizers;
    internal GpuDivisor Steps;
    internal int Rows;
    internal int Vocabulary;
    internal int Positions;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Vocabulary, Team);
        var span = Team * RowPlace.PerThread;
        var found = RowExponentials.None;
        var part = default(RowPart);
        var first = 0;
        for (; first < Vocabulary; first += span)
        {
            part = RowPart.Load<TAccess>(Logits, place.At(first), float.NegativeInfinity);
            found = found.With(part, out _);
        }

        found = found.OverTeam(Team, out _);
        if (place.Row >= Rows)
            return;
        var log = Elementary.Log(new LaneGpu(found.Sum)).Value;
        if (place.Lane == 0)
        {
            Normalizers[2 * place.Row] = found.Max;
            Normalizers[2 * place.Row + 1] = log;
        }

        var copies = Lengths.Length == 0 ? Positions != 0 : Lengths[Steps.Quotient(place.Row)] > 0;
        var form = new Below(found.Max, (copies ? GateMath.LogSigmoid(Gates[place.Row]) : 0f) - log);
        first -= span;
        part.Map(form).Store<TAccess>(LogProbabilities, place.At(first));
        for (first -= span; first >= 0; first -= span)
            RowPart.Load<TAccess>(Logits, place.At(first)).Map(form).Store<TAccess>(LogProbabilities, place.At(first));
    }

    // Not x - (max - shift): for logits of 1e6 that sum would lose the logarithm's digits.
    private readonly struct Below(float max, float shift) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x) => x - max + shift;
    }
}

/// <summary>
/// Mixes in what is copied, with a thread for each position of each row; that of a token's first position adds up its weights.
/// </summary>
internal struct CopyTokensGpuKernel : IGpuKernel
{
    internal CopyGpuSources Sources;
    internal ArrayView<float> Weights;
    internal ArrayView<float> Gates;
    internal ArrayView<float> LogProbabilities;
    internal int Count;
    internal int Vocabulary;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Count)
            return;
        int row = Sources.RowOf(at), weights = row * Sources.Positions.Divisor, start = Sources.StartOf(row), i = at - weights;
        if (Sources.IsFirst[start + i] == 0)
            return;
        var token = row * Vocabulary + Sources.Tokens[start + i];
        var mass = 0f;
        for (; i >= 0; i = Sources.Next[start + i])
            mass += Weights[weights + i];
        if (mass == 0f)
            return;
        float u = LogProbabilities[token], w = GateMath.LogSigmoid(-Gates[row]) + Elementary.Log(new LaneGpu(mass)).Value;
        float high = u > w ? u : w, low = u > w ? w : u;
        LogProbabilities[token] = high + Elementary.Log(new LaneGpu(1f + FastExp.Of(low - high))).Value;
    }
}

/// <summary>dA_i = dY_v (1 - p) / e^(y_v) for the token v at position i, with a thread for each position of each row.</summary>
internal struct CopyWeightGradientsGpuKernel : IGpuKernel
{
    internal CopyGpuSources Sources;
    internal ArrayView<float> Gates;
    internal ArrayView<float> LogProbabilities;
    internal ArrayView<float> DLogProbabilities;
    internal ArrayView<float> DWeights;
    internal int Count;
    internal int Vocabulary;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Count)
            return;
        int row = Sources.RowOf(at), place = Sources.StartOf(row) + at - row * Sources.Positions.Divisor;
        var gradient = 0f;
        if (Sources.Next[place] != CopyGpuSources.Unused)
        {
            var token = row * Vocabulary + Sources.Tokens[place];
            var log = GateMath.LogSigmoid(-Gates[row]) - LogProbabilities[token];
            var most = CopyMixtureText.MostLogFactor;
            gradient = FastExp.Of(log > most ? most : log) * DLogProbabilities[token];
        }

        DWeights[at] = gradient;
    }
}

/// <summary>
/// The gradients of the gate and of what is generated, dX_v = dY_v - softmax(x)_v R, with a team for each row; R is the sum of dY
/// over the tokens without that of a_i dA_i over the positions.
/// </summary>
internal struct CopyMixtureGradientGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Logits;
    internal ArrayView<float> Weights;
    internal ArrayView<float> Gates;
    internal ArrayView<int> Lengths;
    internal ArrayView<float> Normalizers;
    internal ArrayView<float> DLogProbabilities;
    internal ArrayView<float> DWeights;
    internal ArrayView<float> DLogits;
    internal ArrayView<float> DGates;
    internal GpuDivisor Steps;
    internal int Rows;
    internal int Vocabulary;
    internal int Positions;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Vocabulary, Team);
        var span = Team * RowPlace.PerThread;
        float all = 0f, ofCopies = 0f;
        for (var first = 0; first < Vocabulary; first += span)
            all += RowPart.Load<TAccess>(DLogProbabilities, place.At(first)).Sum();
        var length = Positions;
        if (place.Row < Rows && Lengths.Length != 0)
            length = IntrinsicMath.Clamp(Lengths[Steps.Quotient(place.Row)], 0, Positions);

        // Past a length the weights may be anything.
        for (var i = place.Lane; place.Row < Rows && i < length; i += Team)
            ofCopies += Weights[place.Row * Positions + i] * DWeights[place.Row * Positions + i];
        all = TeamReduction.Sum(all, Team);
        var generated = all - TeamReduction.Sum(ofCopies, Team);
        if (place.Row >= Rows)
            return;
        if (place.Lane == 0 && DGates.Length != 0)
            DGates[place.Row] = length == 0 ? 0f : generated - FastExp.Sigmoid(Gates[place.Row]) * all;
        if (DLogits.Length == 0)
            return;
        var form = new OfGenerated(Normalizers[2 * place.Row], Normalizers[2 * place.Row + 1], -generated);
        for (var first = 0; first < Vocabulary; first += span)
        {
            RowPart.Load<TAccess>(Logits, place.At(first)).Zip(RowPart.Load<TAccess>(DLogProbabilities, place.At(first)), form)
                .Store<TAccess>(DLogits, place.At(first));
        }
    }

    private readonly struct OfGenerated(float max, float log, float factor) : IRowZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x, float dY) => GpuIntrinsics.FusedMultiplyAdd(FastExp.Of(x - max - log), factor, dY);
    }
}

/// <summary>
/// Subtracts what belongs to copying from dX, with a thread for each position of each row; that of a token's first position adds
/// up a_i dA_i.
/// </summary>
internal struct CopyTokenGradientsGpuKernel : IGpuKernel
{
    internal CopyGpuSources Sources;
    internal ArrayView<float> Weights;
    internal ArrayView<float> DWeights;
    internal ArrayView<float> DLogits;
    internal int Count;
    internal int Vocabulary;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Count)
            return;
        int row = Sources.RowOf(at), weights = row * Sources.Positions.Divisor, start = Sources.StartOf(row), i = at - weights;
        if (Sources.IsFirst[start + i] == 0)
            return;
        var token = row * Vocabulary + Sources.Tokens[start + i];
        var copied = 0f;
        for (; i >= 0; i = Sources.Next[start + i])
            copied += Weights[weights + i] * DWeights[weights + i];
        DLogits[token] -= copied;
    }
}

/// <summary>Functions of the gate's logit.</summary>
internal static class GateMath
{
    /// <summary>Returns log sigmoid(x) = min(x, 0) - log(1 + e^-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float LogSigmoid(float x)
    {
        var least = x < 0f ? x : -x;
        return (x < 0f ? x : 0f) - Elementary.Log(new LaneGpu(1f + FastExp.Of(least))).Value;
    }
}
