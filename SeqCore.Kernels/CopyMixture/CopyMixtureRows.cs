using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.CopyMixture;

/// <summary>
/// The mixture, or its gradient, on chunks of rows. A row's log-softmax is computed as if nothing were copied; then the different
/// tokens of its source are gathered side by side, mixed a vector at a time, and put back.
/// </summary>
internal unsafe struct CopyMixtureRows : IChunks, ISimdKernel
{
    /// <summary>Vectors of every width fill the memory of a row's tokens, so that there is no tail.</summary>
    private const int Widest = 16;

    internal CpuBackend Backend;
    internal SourceTokens Sources;
    internal int Steps;
    internal int Vocabulary;
    internal int Positions;
    internal float* Logits;
    internal float* Weights;
    internal float* Gates;
    internal float* LogProbabilities;
    internal float* Normalizers;
    internal float* DLogProbabilities;
    internal float* DLogits;
    internal float* DWeights;
    internal float* DGates;
    internal bool IsBackward;
    internal int Rows;
    internal int PerChunk;
    private int chunk;

    public readonly void Invoke(int chunk)
    {
        var own = this;
        own.chunk = chunk;
        Simd.Run(ref own);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var padded = (Positions + Widest - 1L) / Widest * Widest;
        using var memory = Backend.Take(2 * padded * sizeof(float));
        var end = (int)Math.Min((chunk + 1L) * PerChunk, Rows);
        for (var r = chunk * PerChunk; r < end; r++)
        {
            if (IsBackward)
                Backward<T>(r, memory.Pointer, memory.Pointer + padded);
            else
                Forward<T>(r, memory.Pointer, memory.Pointer + padded);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Forward<T>(int r, float* copied, float* found) where T : struct, IVectorLane<T>
    {
        float* x = Logits + (nint)r * Vocabulary, y = LogProbabilities + (nint)r * Vocabulary;
        var b = r / Steps;
        int length = Sources.LengthOf(b), count = Sources.Count(b);
        var max = RowMath.Max<T>(x, Vocabulary);
        var log = (float)Math.Log(RowMath.SumExp<T>(x, Vocabulary, max));
        (Normalizers[2 * (nint)r], Normalizers[2 * (nint)r + 1]) = (max, log);
        var generates = length == 0 ? 0f : LogSigmoid(Gates[r]);

        // Not x - (max + log): for logits of 1e6 that sum would lose the logarithm's digits.
        T vMax = T.Constant(max), vShift = T.Constant(generates - log);
        var v = 0;
        for (; v <= Vocabulary - T.Count; v += T.Count)
            T.Store(T.Load(x + v) - vMax + vShift, y + v);
        for (; v < Vocabulary; v++)
            y[v] = x[v] - max + (generates - log);
        if (length == 0)
            return;
        int* tokens = Sources.Distinct(b), slots = Sources.Slots(b);
        var a = Weights + (nint)r * Positions;
        new Span<float>(copied, Padded(count)).Clear();
        for (var i = 0; i < length; i++)
            copied[slots[i]] += a[i];
        for (var k = 0; k < count; k++)
            found[k] = y[tokens[k]];
        new Span<float>(found + count, Padded(count) - count).Clear();
        Mix<T>(copied, found, count, LogSigmoid(-Gates[r]));
        for (var k = 0; k < count; k++)
            y[tokens[k]] = found[k];
    }

    /// <summary>found_k = log(e^found_k + e^(copies + log copied_k)), and found_k where nothing is copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix<T>(float* copied, float* found, int count, float copies) where T : struct, IVectorLane<T>
    {
        T vCopies = T.Constant(copies), one = T.Constant(1f), zero = T.Constant(0f);
        for (var k = 0; k < count; k += T.Count)
        {
            T mass = T.Load(copied + k), u = T.Load(found + k), w = vCopies + T.Log(mass);
            T high = T.Max(u, w), low = T.Min(u, w);
            T.Store(T.WhereEqual(mass, zero, u, high + T.Log(one + T.Exp(low - high))), found + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Backward<T>(int r, float* copied, float* factors) where T : struct, IVectorLane<T>
    {
        float* dY = DLogProbabilities + (nint)r * Vocabulary, y = LogProbabilities + (nint)r * Vocabulary;
        var b = r / Steps;
        int length = Sources.LengthOf(b), count = Sources.Count(b);
        int* tokens = Sources.Distinct(b), slots = Sources.Slots(b);
        for (var k = 0; k < count; k++)
            factors[k] = y[tokens[k]];
        new Span<float>(factors + count, Padded(count) - count).Clear();
        Factors<T>(factors, count, LogSigmoid(-Gates[r]));
        for (var k = 0; k < count; k++)
            factors[k] *= dY[tokens[k]];

        // What belongs to copying: of each token, and of all.
        new Span<float>(copied, Padded(count)).Clear();
        float* a = Weights + (nint)r * Positions, dA = DWeights == null ? null : DWeights + (nint)r * Positions;
        var ofCopies = 0f;
        for (var i = 0; i < length; i++)
        {
            var gradient = factors[slots[i]];
            copied[slots[i]] += a[i] * gradient;
            ofCopies += a[i] * gradient;
            if (dA != null)
                dA[i] = gradient;
        }

        if (dA != null)
            new Span<float>(dA + length, Positions - length).Clear();
        var all = RowMath.Sum<T>(dY, Vocabulary);
        var generated = all - ofCopies;
        if (DGates != null)
            DGates[r] = length == 0 ? 0f : generated - Sigmoid(Gates[r]) * all;
        if (DLogits == null)
            return;
        var dX = DLogits + (nint)r * Vocabulary;
        Generated<T>(Logits + (nint)r * Vocabulary, dY, dX, Normalizers + 2 * (nint)r, generated);
        for (var k = 0; k < count; k++)
            dX[tokens[k]] -= copied[k];
    }

    /// <summary>factors_k = e^(copies - factors_k), at most e^80.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Factors<T>(float* factors, int count, float copies) where T : struct, IVectorLane<T>
    {
        T vCopies = T.Constant(copies), most = T.Constant(CopyMixtureText.MostLogFactor);
        for (var k = 0; k < count; k += T.Count)
            T.Store(T.Exp(T.Min(vCopies - T.Load(factors + k), most)), factors + k);
    }

    /// <summary>dX_v = dY_v - softmax(x)_v generated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Generated<T>(float* x, float* dY, float* dX, float* normalizers, float generated)
        where T : struct, IVectorLane<T>
    {
        float max = normalizers[0], log = normalizers[1];
        T vMax = T.Constant(max), vLog = T.Constant(log), factor = T.Constant(-generated);
        var v = 0;
        for (; v <= Vocabulary - T.Count; v += T.Count)
            T.Store(T.MultiplyAdd(T.Exp(T.Load(x + v) - vMax - vLog), factor, T.Load(dY + v)), dX + v);
        for (; v < Vocabulary; v++)
        {
            var p = LaneScalar.Exp(LaneScalar.Constant(x[v] - max - log));
            LaneScalar.Store(LaneScalar.MultiplyAdd(p, LaneScalar.Constant(-generated), LaneScalar.Load(dY + v)), dX + v);
        }
    }

    private static int Padded(int count) => (count + Widest - 1) / Widest * Widest;

    private static float LogSigmoid(float x) => (float)(Math.Min(x, 0.0) - Math.Log(1 + Math.Exp(-Math.Abs((double)x))));

    private static float Sigmoid(float x) => (float)(1 / (1 + Math.Exp(-(double)x)));
}
