namespace SeqCore.Benchmarks;

/// <summary>Other libraries' kernels under names of their own, to stand beside ours.</summary>
internal static partial class YardstickWorkloads
{
    internal static IReadOnlyList<WorkloadKind> Kinds
    {
        get
        {
            var kinds = new List<WorkloadKind>();
            AddGpu(kinds);
            return kinds;
        }
    }

    // Left out of a build without GPU kernels.
    static partial void AddGpu(List<WorkloadKind> kinds);
}
