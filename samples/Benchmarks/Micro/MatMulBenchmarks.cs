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
