namespace SeqCore.Benchmarks;

/// <summary>Yardsticks for kernels: a plain copy, and other libraries' kernels under their own names.</summary>
internal static partial class YardstickWorkloads
{
    internal static IReadOnlyList<WorkloadKind> Kinds { get; } =
    [
        new("copy", "N", sizes => Copy(sizes[0])),
        new("copy_driver", "N", sizes => DriverCopy(sizes[0])),
        new("matmul_cublas", "N", sizes => Square(sizes[0])),
        new("matmul_planned", "NxSIDExSPLITS", sizes => PlannedProduct.Create(sizes[0], sizes[1], sizes[2])),
    ];

    /// <summary>N numbers from one tensor to another, by the backend's own kernel.</summary>
    private static Workload Copy(int n)
    {
        Tensor source = Inputs.Normal(n), destination = Tensor.Zeros([n]);
        return new Workload(() => destination.CopyFrom(source), Floats: 2.0 * n);
    }
}
