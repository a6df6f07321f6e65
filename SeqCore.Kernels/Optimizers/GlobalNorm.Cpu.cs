using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SeqCore.Kernels.Optimizers;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override double RunGlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients)
    {
        using var memory = Take(gradients.Length * (long)sizeof(TensorChunk));
        var tensors = (TensorChunk*)memory.Pointer;
        var numbers = default(ChunkNumbers);
        for (var i = 0; i < gradients.Length; i++)
        {
            var length = gradients[i].Length;
            var (chunk, part) = numbers.Add(length);
            tensors[i] = new TensorChunk
            {
                FirstChunk = chunk,
                FirstPart = part,
                Length = length,
                Gradient = gradients[i].Pointer(),
            };
        }

        using var sumMemory = Take(numbers.Parts * (long)sizeof(double));
        var sums = (double*)sumMemory.Pointer;
        var chunks = new NormChunks(tensors, gradients.Length, sums);
        Workers.For(numbers.Chunks, ref chunks);
        var total = 0.0;
        for (var i = 0; i < numbers.Parts; i++)
            total += sums[i];
        return Math.Sqrt(total);
    }

    private protected override void RunClipFactor(ReadOnlySpan<DeviceSpan<float>> gradients, float maxNorm,
        DeviceSpan<float> result, DeviceSpan<float> earlier)
    {
        var failed = !earlier.IsAbsent && float.IsNaN(earlier.AsHostSpan()[0]);
        var norm = GlobalNorm(gradients);
        var values = result.AsHostSpan();
        values[0] = (float)norm;
        values[1] = !failed && double.IsFinite(norm) ? (float)Math.Min(1, maxNorm / (norm + 1e-6)) : float.NaN;
    }

    private readonly struct NormChunks(TensorChunk* tensors, int count, double* sums) : IChunks
    {
        public void Invoke(int chunk)
        {
            for (var i = TensorChunk.Find(tensors, count, chunk); i < count && tensors[i].FirstChunk <= chunk; i++)
            {
                // An empty tensor has no part, and the number of the next one's.
                var part = tensors[i].Part(chunk);
                if (part.Length > 0)
                    sums[part.FirstPart] = SumOfSquares(part.Gradient, part.Length);
            }
        }
    }

    /// <summary>
    /// Returns sum_i x_i^2 from 16 sums in double, element i in sum i mod 16: the same order, and so the same bits, on every
    /// machine.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double SumOfSquares(float* x, int length)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= length - 16; i += 16)
        {
            var (x0, x1) = Vector256.Widen(Vector256.Load(x + i));
            var (x2, x3) = Vector256.Widen(Vector256.Load(x + i + 8));
            s0 += x0 * x0;
            s1 += x1 * x1;
            s2 += x2 * x2;
            s3 += x3 * x3;
        }

        var s = s0 + s1 + (s2 + s3);
        var sum = s[0] + s[1] + (s[2] + s[3]);
        for (; i < length; i++)
            sum += (double)x[i] * x[i];
        return sum;
    }
}
