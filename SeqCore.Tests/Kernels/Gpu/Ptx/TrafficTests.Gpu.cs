using SeqCore.Kernels;
using SeqCore.Kernels.Attention;
using SeqCore.Kernels.CrossEntropy;
using SeqCore.Kernels.MatMul;
using SeqCore.Kernels.Softmax;
using SeqCore.Tests.Kernels.Recurrent;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// What the hot kernels ask of memory, counted by <see cref="TrafficWatch"/>: no conflicts of banks in their loops, and no bytes
/// of a sector that nobody wanted. No card is needed for that.
/// </summary>
[Collection(GpuCollection.Name)]
public class TrafficGpuTests
{
    private static readonly GpuBackend Gpu = PtxKernels.Backend;

    public static TheoryData<int, MatMulPrecision> Tiles => new()
    {
        { 128, MatMulPrecision.Float32 }, { 64, MatMulPrecision.Float32 }, { 32, MatMulPrecision.Float32 },
        { 128, MatMulPrecision.Tf32x3 }, { 128, MatMulPrecision.Tf32 },
    };

    [Theory, MemberData(nameof(Tiles))]
    public void Products_have_no_conflicts_and_waste_no_sector(int side, MatMulPrecision precision)
    {
        const int M = 128, N = 128, K = 16;
        using var memory = new Memory();
        var (a, b, c) = (memory.Put(M * K), memory.Put(K * N), memory.Put(M * N));
        foreach (var variant in (int[])[0, 3])
        {
            bool turnsA = variant > 1, turnsB = variant % 2 == 1;
            var product = new MatMulArguments
            {
                M = M,
                N = N,
                K = K,
                A = new Matrix(a, turnsA ? M : K, turnsA),
                B = new Matrix(b, turnsB ? K : N, turnsB),
                C = new Matrix(c, N),
            };
            var kernel = TrafficTable.Of(() => Gpu.MatMul(product, new MatMulPlan(side, 1, precision))).Kernels.Single();
            (kernel.Shared.Excess, kernel.Global.Excess, kernel.Global.BytesPerLane).Should().Be((1, 1, 16), kernel.Name);
            kernel.Shared.Accesses.Should().BePositive();
            kernel.Sectors.Written.Should().Be(M * N / 8, kernel.Name);
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Attention_has_no_conflicts(int size)
    {
        var table = Attention(size);
        table.Kernels.Should().HaveCount(4).And.OnlyContain(k => k.Shared.Excess == 1);
        table.Kernels.Sum(k => k.Shared.Accesses).Should().BePositive();
    }

    /// <summary>
    /// Two tiles for each of four warps, with 96 instructions for each product of 16 x 32 x 64 with split factors.
    /// </summary>
    [Theory]
    [InlineData(64, MatMulPrecision.Tf32x3, 96)]
    [InlineData(32, MatMulPrecision.Tf32x3, 48)]
    [InlineData(64, MatMulPrecision.Tf32, 32)]
    public void Attention_on_tensor_cores_has_no_conflicts_and_no_product_too_many(int size,
        MatMulPrecision precision, int products)
    {
        try
        {
            Gpu.Precision = precision;
            var kernels = Attention(size).Kernels
                .Where(k => k.Name.StartsWith("AttentionTensor", StringComparison.Ordinal)).ToList();
            kernels.Should().HaveCount(3).And.OnlyContain(k => k.Shared.Accesses > 0 && k.Shared.Excess == 1);
            kernels.Select(k => k.Count("mma"))
                .Should().BeEquivalentTo((long[])[2 * 2 * 4 * products, 4 * 2 * 4 * products, 3 * 2 * 4 * products]);
        }
        finally
        {
            Gpu.Precision = MatMulPrecision.Float32;
        }
    }

    private static TrafficTable Attention(int size)
    {
        const int Length = 64;
        using var memory = new Memory();
        HeadsSpan Heads() => new(memory.Put(Length * size), Length * size, Length * size, size);
        var attention = new AttentionArguments
        {
            Batch = 1,
            HeadCount = 1,
            KeyHeadCount = 1,
            QueryLength = Length,
            KeyLength = Length,
            HeadSize = size,
            Query = Heads(),
            Key = Heads(),
            Value = Heads(),
            Scale = 0.1f,
        };
        var (y, logSumExp) = (Heads(), memory.Put(Length));
        return TrafficTable.Of(() =>
        {
            Gpu.Attention(attention, y, logSumExp);
            Gpu.AttentionGradient(attention, y, logSumExp, Heads(), Heads(), Heads(), Heads());
        });
    }

    [Theory]
    [InlineData("Lstm", 32, 0)]
    [InlineData("Gru", 32, 0)]
    [InlineData("Lstm", 32, 24)]
    [InlineData("Gru", 16, 24)]
    public void Recurrent_layers_have_no_conflicts(string kind, int batch, int groups)
    {
        try
        {
            Gpu.PersistentLimits = groups > 0 ? new(groups, 232448) : default;
            using var pair = new DevicePair(16, Gpu);
            var layer = new LayerPair(pair, Enum.Parse<CellKind>(kind), batch, 2, 4, 32, "aligned");
            var table = TrafficTable.Of(() =>
            {
                layer.Forward(keepsWorkspace: true);
                layer.Backward();
            });
            var own = table.Kernels.Where(k => k.Name.StartsWith(groups > 0 ? "Persistent" : "Recurrent",
                StringComparison.Ordinal)).ToList();
            own.Should().HaveCount(2).And.OnlyContain(k => k.Shared.Accesses > 0 && k.Shared.Excess == 1);
        }
        finally
        {
            Gpu.PersistentLimits = default;
        }
    }

    [Theory]
    [InlineData(24, 384)]
    [InlineData(6, 1024)]
    public void Kernels_of_rows_and_of_elements_read_each_sector_once(int rows, int columns)
    {
        using var memory = new Memory();
        var (x, y, dY, dX) = (memory.Put(rows * columns), memory.Put(rows * columns), memory.Put(rows * columns),
            memory.Put(rows * columns));
        Check(2, () => Gpu.Softmax(x, y, rows, columns));
        Check(3, () => Gpu.SoftmaxGradient(y, dY, dX, rows, columns));
        Check(2, () => Gpu.LayerNorm(new() { X = x, Y = y, Rows = rows, Columns = columns, Epsilon = 1e-5f }));
        Check(2, () => Gpu.RmsNorm(new() { X = x, Y = y, Rows = rows, Columns = columns, Epsilon = 1e-5f }));
        Check(7, () => Gpu.Adam([new OptimizerSlot(x, dY, y, dX)], new AdamStep(1e-2f, 0.9f, 0.98f, 1e-6f, 0.1f, true, 1)));
        Check(2, () => Gpu.Dropout(x, y, 0.5f, new RandomStream(1, 0)));

        void Check(int runs, Action operation)
        {
            var kernel = TrafficTable.Of(operation).Kernels.Single();
            var sectors = runs * rows * columns / 8;
            kernel.Global.Excess.Should().Be(1, kernel.Name);
            (kernel.Sectors.Read + kernel.Sectors.Written)
                .Should().BeInRange(sectors, sectors + 200, "{0} may read its table of tensors too", kernel.Name);
            kernel.Instructions.Where(i => i.Global.Bytes > 16 * columns)
                .Should().OnlyContain(i => i.Global.BytesPerLane == 16, kernel.Name);
        }
    }

    [Theory]
    [InlineData(typeof(Float4Kernel<SoftmaxGpuKernel<SoftmaxVariant>, AlignedFloat4>))]
    [InlineData(typeof(Float4Kernel<CrossEntropyGpuKernel, AlignedFloat4>))]
    [InlineData(typeof(Float4Kernel<AttentionForwardGpuKernel<HeadWidth64, UncappedScores>, AlignedFloat4>))]
    [InlineData(typeof(Float4Kernel<AttentionBackwardGpuKernel<OwnsKeys, HeadWidth64, UncappedScores>, AlignedFloat4>))]
    public void Exponentials_are_one_instruction(Type kernel) =>
        PtxCompiler.Ptx(kernel).Should().Contain("ex2.approx.ftz.f32")
            .And.NotContain("ex2.approx.f32", "the assembler makes four of it");

    [Theory]
    [InlineData(typeof(Float4Kernel<SoftmaxGpuKernel<SoftmaxVariant>, AlignedFloat4>))]
    [InlineData(typeof(Float4Kernel<CrossEntropyGpuKernel, AlignedFloat4>))]
    public void Exponentials_of_what_stays_in_registers_are_taken_once(Type kernel) =>
        PtxCompiler.Ptx(kernel).Split("ex2.")
            .Should().HaveCount(1 + 16 + 2 + 16, "a part has 16, joining sums takes 2, and a part that is read again has 16");

    [Fact]
    public void Instructions_are_counted_once_for_a_warp()
    {
        using var memory = new Memory();
        var (x, y) = (memory.Put(70), memory.Put(70));
        var kernel = TrafficTable.Of(() => Gpu.Launch(new AddTestKernel { X = Gpu.View(x), Y = Gpu.View(y) }, 1)).Kernels
            .Single();
        (kernel.Name, kernel.Launches, kernel.Count("add.f32", "add.rn.f32"))
            .Should().Be((nameof(AddTestKernel), 1, 3), "of eight warps three have elements");
        (kernel.Sectors, kernel.DifferentSectors).Should().Be(((18, 9), (18, 9)));
        kernel.Global.Should().Be(new MemoryTraffic(9, 3 * 70, 12 * 70, 27, 27));
    }

    /// <summary>Buffers of numbers.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly List<DeviceBuffer> buffers = [];

        internal DeviceSpan<float> Put(int length)
        {
            buffers.Add(Gpu.Scratch(length, out var span));
            Gpu.Upload<float>(Array.ConvertAll(new float[length], _ => 0.5f), span);
            return span;
        }

        public void Dispose() => buffers.ForEach(b => b.Dispose());
    }
}
