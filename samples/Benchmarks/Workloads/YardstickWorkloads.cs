namespace SeqCore.Benchmarks;

/// <summary>What kernels are measured by: a plain copy, and other libraries' kernels under names of their own.</summary>
internal static partial class YardstickWorkloads
{
    internal static IReadOnlyList<WorkloadKind> Kinds
    {
        get
        {
            var kinds = new List<WorkloadKind> { new("copy", "N", sizes => Copy(sizes[0])) };
            AddGpu(kinds);
            return kinds;
        }
    }

    /// <summary>N numbers from one tensor to another, by the backend's own kernel.</summary>
    private static Workload Copy(int n)
    {
        Tensor source = Inputs.Normal(n), destination = Tensor.Zeros([n]);
        return new Workload(() => destination.CopyFrom(source), Floats: 2.0 * n);
    }

    // Left out of a build without GPU kernels.
    static partial void AddGpu(List<WorkloadKind> kinds);
}
