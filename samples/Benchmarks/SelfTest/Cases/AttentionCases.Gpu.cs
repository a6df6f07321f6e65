using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class AttentionCases
{
    /// <summary>Every case with split factors, in the form that tensor cores have it or else in the one without them.</summary>
    static partial void AddTensorCores(List<KernelCase> kernels) =>
        kernels.AddRange(kernels.Select(kernel => TensorCores.On(kernel, MatMulPrecision.Tf32x3)).ToList());
}
