using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu.Ptx;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>
/// What goes through shared memory on OpenCL runs on the PTX machine here, which finds races that a CPU's OpenCL hides.
/// </summary>
[Collection(GpuCollection.Name)]
public class TeamReductionGpuTests
{
    private const int Threads = 256;

    [Fact]
    public void Reductions_through_shared_memory_have_no_race()
    {
        var gpu = PtxKernels.Backend;
        using DeviceBuffer xMemory = gpu.Scratch(Threads, out var x), yMemory = gpu.Scratch(6 * Threads, out var y);
        var values = Enumerable.Range(0, Threads).Select(i => (float)((i * 37 % 101) - 50)).ToArray();
        gpu.Upload<float>(values, x);
        gpu.Launch(new SharedReductionsTestKernel { X = gpu.View(x), Y = gpu.View(y) }, 1);
        var found = new float[6 * Threads];
        gpu.Download(y, found);
        found.Should().Equal([.. Expected(8, Enumerable.Sum), .. Expected(8, Enumerable.Max), .. Expected(128, Enumerable.Sum),
            .. Expected(128, Enumerable.Max), .. Apart(Enumerable.Sum), .. Apart(Enumerable.Max)],
            "the values are whole numbers, so every order of adding gives the same sum");

        IEnumerable<float> Expected(int run, Func<IEnumerable<float>, float> combine) =>
            values.Chunk(run).SelectMany(part => Enumerable.Repeat(combine(part), run));

        IEnumerable<float> Apart(Func<IEnumerable<float>, float> combine) =>
            Enumerable.Range(0, Threads).Select(i => combine(Enumerable.Range(0, 8).Select(k => values[(i & ~14) | (2 * k)])));
    }
}
