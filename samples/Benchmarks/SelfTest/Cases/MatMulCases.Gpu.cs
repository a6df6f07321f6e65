using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class MatMulCases
{
    /// <summary>Products on tensor cores. Operands that begin on no boundary are multiplied in float32 all the same.</summary>
    static partial void AddTensorCores(List<KernelCase> kernels)
    {
        foreach (var precision in new[] { MatMulPrecision.Tf32x3, MatMulPrecision.Tf32 })
            AddTensorCores(kernels, precision);
    }

    private static void AddTensorCores(List<KernelCase> kernels, MatMulPrecision precision)
    {
        Add(Product(128, 128, 64, large: false, false, false));
        Add(Product(132, 260, 68, large: false, false, true));
        Add(Product(256, 512, 128, large: false, true, false));
        Add(Batched(64, 256, 64, 256, shared: false, large: true));
        foreach (var (a, b) in new[] { (false, false), (false, true), (true, false), (true, true) })
            Add(Product(4096, 4096, 4096, large: true, a, b));

        void Add(KernelCase kernel) => kernels.Add(TensorCores.On(kernel, precision));
    }
}
