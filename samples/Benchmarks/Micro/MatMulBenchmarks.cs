using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>The matrix product, beside OpenBLAS where the machine has it.</summary>
public class MatMulBenchmarks : OperationBenchmarks
{
    private float[] a = [];
    private float[] b = [];
    private float[] c = [];
    private int size;

    /// <inheritdoc/>
    [Params("matmul/128", "matmul/1024", "matmul/1000", "matmul/257")]
    public override string Name { get; set; } = "";

    /// <inheritdoc/>
    public override void Setup()
    {
        base.Setup();
        size = WorkloadName.Parse(Name).Sizes[0];
        a = Inputs.Values(size * size);
        b = Inputs.Values(size * size);
        c = new float[size * size];
    }

    /// <summary>cblas_sgemm; left out where OpenBLAS is not found.</summary>
    [Benchmark(Baseline = true)]
    public void OpenBLAS() => OpenBlas.Product(a, b, c, size, size, size);
}

/// <summary>OpenBLAS, where the machine has it: the matrix product's yardstick.</summary>
internal static class OpenBlas
{
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private static readonly MultiplyFunction? Multiply = Find();

    private delegate void MultiplyFunction(int order, int transposeA, int transposeB, int m, int n, int k, float alpha,
        float[] a, int lda, float[] b, int ldb, float beta, float[] c, int ldc);

    /// <summary>Whether the library was found (Debian: apt install libopenblas0-pthread).</summary>
    internal static bool IsPresent => Multiply is not null;

    /// <summary>C = A B, all row-major.</summary>
    internal static void Product(float[] a, float[] b, float[] c, int m, int k, int n) =>
        Multiply!(RowMajor, NoTranspose, NoTranspose, m, n, k, 1f, a, k, b, n, 0f, c, n);

    private static MultiplyFunction? Find()
    {
        foreach (var name in (string[])["libopenblas.so.0", "libopenblas.so", "libopenblas.dll", "libopenblas.dylib"])
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "cblas_sgemm", out var entry))
                return Marshal.GetDelegateForFunctionPointer<MultiplyFunction>(entry);
        }

        return null;
    }
}
