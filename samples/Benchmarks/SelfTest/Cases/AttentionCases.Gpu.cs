using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class AttentionCases
{
    /// <summary>
    /// Every case with split factors, in the form that tensor cores have it or else in the one without them. A split product is off by up to
    /// 2^-21, one of float32 by 2^-24, and tensor cores do not round their sums to the nearest number. Exact sums of split products come to
    /// two or three times float32's errors; allowed are four times its bound.
    /// </summary>
    static partial void AddTensorCores(List<KernelCase> kernels) =>
        kernels.AddRange(kernels.Select(kernel => TensorCores.On(kernel, MatMulPrecision.Tf32x3) with { Bound = 4 * kernel.Bound }).ToList());
}
