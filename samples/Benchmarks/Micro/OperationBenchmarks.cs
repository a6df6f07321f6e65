using BenchmarkDotNet.Attributes;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Runs a named workload under BenchmarkDotNet; each operation has a class with its names.</summary>
[MemoryDiagnoser]
public abstract class OperationBenchmarks
{
    private Workload workload = null!;

    /// <summary>The workload's name: a power of two, and an awkward size.</summary>
    public abstract string Name { get; set; }

    /// <summary>Makes the inputs.</summary>
    [GlobalSetup]
    public virtual void Setup()
    {
        var name = WorkloadName.Parse(Name);
        workload = name.Kind.Create(name.Sizes);
    }

    /// <summary>One call, until the device has done it.</summary>
    [Benchmark]
    public void SeqCore()
    {
        workload.Run();
        Backend.Default.Synchronize();
    }
}
