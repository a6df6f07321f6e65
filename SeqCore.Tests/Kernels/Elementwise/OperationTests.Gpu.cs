using SeqCore.Kernels;
using SeqCore.Kernels.Elementwise;
using SeqCore.Kernels.Operations;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Elementwise;

/// <summary>Every element-wise operation of the library on the GPU, against the CPU.</summary>
[Collection(GpuCollection.Name)]
public class OperationGpuTests
{
    private static readonly float[] Values =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 3f, 1e-3f, -1e-3f, 0.3f, 0.49999997f, -0.7f, 7.3f, -7.3f, 15f, -15f,
        40f, -40f, 88f, -88f, -100f, 89f, -104f,
        1e-40f, -1e-40f, 1.1754944e-38f, -1.1754944e-38f, 4194304.5f, 8388607.5f, -8388607.5f, 16777216f, 1e9f, -3e9f, 1e30f,
        -1e30f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    [Fact]
    public void Unary_operations_and_their_gradients_agree_with_the_CPU()
    {
        var tested = new HashSet<Type>();
        Check(new NegateOperation());
        Check(new AbsOperation());
        Check(new SignOperation());
        Check(new SquareOperation());
        Check(new SqrtOperation());
        Check(new RsqrtOperation());
        Check(new ReciprocalOperation());
        Check(new AffineOperation(2.5f, -0.5f));
        Check(new ClampOperation(-1f, 2f));
        Check(new FloorOperation());
        Check(new CeilingOperation());
        Check(new RoundOperation());
        Check(new ExpOperation());
        Check(new LogOperation());
        Check(new TanhOperation());
        Check(new ErfOperation());
        Check(new SigmoidOperation());
        Check(new ReluOperation());
        Check(new LeakyReluOperation(0.25f));
        Check(new EluOperation(1.5f));
        Check(new SiluOperation());
        Check(new SoftplusOperation());
        Check(new MishOperation());
        Check(new GeluErfOperation());
        Check(new GeluTanhOperation());
        Check(new PowerConstantOperation(3f));
        Check(new PowerConstantOperation(-2f));
        Check(new PowerConstantOperation(0.5f));
        Check(new PowerConstantOperation(1.75f));
        Check(new SinOperation());
        Check(new CosOperation());
        Check(new TanOperation());
        Check(new AsinOperation());
        Check(new AcosOperation());
        Check(new AtanOperation());
        Check(new SinhOperation());
        Check(new CoshOperation());
        Check(new AsinhOperation());
        Check(new AcoshOperation());
        Check(new AtanhOperation());
        Check(new Log1pOperation());
        Check(new Expm1Operation());
        Check(new Exp2Operation());
        Check(new Log2Operation());
        Check(new Log10Operation());
        Check(new CbrtOperation());
        Check(new TruncateOperation());
        Check(new LogSigmoidOperation());
        Check(new SoftsignOperation());
        Check(new SeluOperation());
        Check(new CeluOperation(1.5f));
        Check(new HardtanhOperation(-1f, 2f));
        Check(new HardsigmoidOperation());
        Check(new HardswishOperation());
        All(typeof(IUnaryOperation)).Should().BeSubsetOf(tested);

        void Check<TOperation>(TOperation operation) where TOperation : struct, IUnaryOperation
        {
            tested.Add(typeof(TOperation));
            using var pair = new DevicePair(16);
            var points = Points();
            var (x, y) = (pair.Put(points), pair.Output(points.Length));
            pair.Run((b, of) => b.Unary(operation, Flat(of[x]), Flat(of[y])));
            ShouldAgree(pair, y, points, points, typeof(TOperation).Name);

            // The gradients start from the same y.
            y = pair.Put(y.OnCpu.AsHostSpan().ToArray());
            var (dY, dX) = (pair.Put(Slopes(points.Length)), pair.Output(points.Length));
            pair.Run((b, of) => b.UnaryGradient(operation, of[x], of[y], of[dY], of[dX]));
            ShouldAgree(pair, dX, points, points, $"gradient of {typeof(TOperation).Name}");

            // Each variant is a kernel to compile; that sums are added to differs between operations in nothing.
            if (typeof(TOperation) != typeof(TanhOperation) && typeof(TOperation) != typeof(SquareOperation))
                return;
            pair.Run((b, of) => b.UnaryGradient(operation, of[x], of[y], of[dY], of[dX], accumulate: true));
            ShouldAgree(pair, dX, points, points, $"accumulated gradient of {typeof(TOperation).Name}");
        }
    }

    [Fact]
    public void Binary_operations_and_their_gradients_agree_with_the_CPU()
    {
        var tested = new HashSet<Type>();
        Check(new AddOperation());
        Check(new SubtractOperation());
        Check(new MultiplyOperation());
        Check(new DivideOperation());
        Check(new MaximumOperation());
        Check(new MinimumOperation());
        Check(new PowerOperation());
        Check(new Atan2Operation());
        Check(new RemainderOperation());
        Check(new FloorDivideOperation());
        Check(new LessOperation());
        Check(new LessOrEqualOperation());
        Check(new GreaterOperation());
        Check(new GreaterOrEqualOperation());
        Check(new EqualOperation());
        Check(new NotEqualOperation());
        All(typeof(IBinaryOperation)).Should().BeSubsetOf(tested);

        void Check<TOperation>(TOperation operation) where TOperation : struct, IBinaryOperation
        {
            tested.Add(typeof(TOperation));
            using var pair = new DevicePair(16);
            float[] first = [.. Values.SelectMany(a => Values.Select(_ => a))], second = [.. Values.SelectMany(_ => Values)];
            int[] sizes = [Values.Length, Values.Length];
            var (x, y, z) = (pair.Put(first), pair.Put(second), pair.Output(first.Length));
            pair.Run((b, of) => b.Binary(operation, Flat(of[x]), Flat(of[y]), Flat(of[z])));
            ShouldAgree(pair, z, first, second, typeof(TOperation).Name);

            z = pair.Put(z.OnCpu.AsHostSpan().ToArray());
            var (dZ, dX, dY) = (pair.Put(Slopes(first.Length)), pair.Output(first.Length), pair.Output(first.Length));
            pair.Run((b, of) => b.BinaryGradient(operation, Flat(of[x]), Flat(of[y]), Flat(of[z]), Flat(of[dZ]), of[dX], of[dY]));
            ShouldAgree(pair, dX, first, second, $"{typeof(TOperation).Name} by x");
            ShouldAgree(pair, dY, first, second, $"{typeof(TOperation).Name} by y");

            // Each variant is a kernel to compile; which gradients are wanted differs between operations in nothing.
            if (typeof(TOperation) != typeof(MultiplyOperation) && typeof(TOperation) != typeof(PowerOperation))
                return;
            var (dX1, dY1) = (pair.Output(first.Length), pair.Output(first.Length));
            pair.Run((b, of) => b.BinaryGradient(operation, Flat(of[x]), Flat(of[y]), Flat(of[z]), Flat(of[dZ]), of[dX1],
                default));
            pair.Run((b, of) => b.BinaryGradient(operation, Flat(of[x]), Flat(of[y]), Flat(of[z]), Flat(of[dZ]), default,
                of[dY1]));
            pair.Read(dX1).Should().Equal(pair.Read(dX), $"{typeof(TOperation).Name} by x alone is the same");
            pair.Read(dY1).Should().Equal(pair.Read(dY), $"{typeof(TOperation).Name} by y alone is the same");
        }
    }

    [Fact]
    public void Four_neighbours_are_loaded_and_stored_at_once_and_nothing_goes_to_local_memory()
    {
        string[] kernels =
        [
            PtxCompiler.AlignedPtx<MapGpuKernel<UnaryMap<TanhOperation>>>(),
            PtxCompiler.AlignedPtx<MapGpuKernel<BinaryMap<AddOperation>>>(),
            PtxCompiler.AlignedPtx<MapGpuKernel<BinaryGradientMap<MultiplyOperation>>>(),
            PtxCompiler.AlignedPtx<MapGpuKernel<UnaryGradientSumMap<GeluTanhOperation>>>(),
        ];
        foreach (var ptx in kernels)
        {
            ptx.Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.NotContain(".local")
                .And.NotContain(".ftz", "subnormal numbers are kept");
        }

        PtxCompiler.Ptx<Float4Kernel<MapGpuKernel<BinaryMap<PowerOperation>>, UnalignedFloat4>>()
            .Should().Contain("ld.global.f32").And.NotContain(".local");
    }

    private static IEnumerable<Type> All(Type operation) =>
        typeof(Backend).Assembly.GetTypes().Where(t => t.IsPublic && t.IsValueType && operation.IsAssignableFrom(t));

    private static float[] Points() => [.. Values, .. Enumerable.Range(0, 1001).Select(i => (i - 500) * 0.0237f)];

    private static float[] Slopes(int length) => [.. Enumerable.Range(0, length).Select(i => i % 7 * 0.5f - 1.25f)];

    private static StridedSpan Flat(DeviceSpan<float> span) => new(span, new Layout([span.Length], [1]));

    // Both devices run the same formulas, but fuse multiplications and additions in different places: some ulp, magnified where
    // near equals cancel. A zero keeps its sign.
    private static void ShouldAgree(DevicePair pair, DevicePair.Operand result, float[] x, float[] y, string what)
    {
        float[] expected = result.OnCpu.AsHostSpan().ToArray(), actual = pair.Read(result);
        for (var i = 0; i < expected.Length; i++)
        {
            var agree = expected[i] == 0f
                ? BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                : expected[i].Equals(actual[i])
                    || Math.Abs((double)actual[i] - expected[i]) <= (2e-6 * Math.Abs(expected[i])) + 1e-6;
            if (!agree)
            {
                Assert.Fail($"{what} at {x[i]:R},"
                    + $" {y[i]:R} is {actual[i]:R} on {pair.Gpu.Device} and {expected[i]:R} on the CPU.");
            }
        }
    }
}
