using SeqCore.Kernels;
using SeqCore.Kernels.Optimizers;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Optimizers;

[Collection("GPU")]
public class OptimizerGpuTests
{
    private static readonly int[] Lengths = [0, 1, 3, 4, 1023, 4096, 0, 4097, 20_001];

    private static readonly Dictionary<string, Action<Backend, OptimizerSlot[], int, DeviceSpan<float>>> Rules = new()
    {
        ["adam"] = (b, s, t, f) => b.Adam(s, new AdamStep(1e-2f, 0.9f, 0.98f, 1e-6f, 0.1f, false, t, 0.5f), f),
        ["adamw"] = (b, s, t, f) => b.Adam(s, new AdamStep(1e-2f, 0.9f, 0.98f, 1e-6f, 0.1f, true, t), f),
        ["sgd"] = (b, s, t, f) => b.Sgd(s, new SgdStep(1e-2f, 0f, 0f, 0.1f, false, t == 1), f),
        ["momentum"] = (b, s, t, f) => b.Sgd(s, new SgdStep(1e-2f, 0.9f, 0.2f, 0.1f, false, t == 1, 0.5f), f),
        ["nesterov"] = (b, s, t, f) => b.Sgd(s, new SgdStep(1e-2f, 0.9f, 0f, 0.1f, true, t == 1), f),
        ["rmsprop"] = (b, s, t, f) => b.RmsProp(s, new RmsPropStep(1e-2f, 0.9f, 1e-6f, 0.1f, 0f), f),
        ["rmsprop momentum"] = (b, s, t, f) => b.RmsProp(s, new RmsPropStep(1e-2f, 0.9f, 1e-6f, 0.1f, 0.7f), f),
    };

    public static TheoryData<string, int> Cases =>
        new(Rules.Keys.SelectMany(_ => (int[])[16, 19], (rule, margin) => (rule, margin)));

    // The same formulas; only a product next to a sum may be fused on one side: the last bit or two in each of three steps.
    [Theory, MemberData(nameof(Cases))]
    public void Devices_agree_over_three_steps(string rule, int margin)
    {
        using var pair = new DevicePair(margin);
        var slots = Lengths.Select(n => new Slot(pair, n)).ToArray();
        var factor = pair.Put(0.75f);
        for (var t = 1; t <= 3; t++)
        {
            var step = t;
            pair.Run((backend, at) => Rules[rule](backend, [.. slots.Select(s => s.On(at))], step,
                step == 2 ? at[factor] : default));
        }

        foreach (var slot in slots)
        {
            pair.ShouldAgree(slot.Value, 1e-6, 1e-7, "value");
            pair.ShouldAgree(slot.First, 1e-6, 1e-7, "first moment");
            pair.ShouldAgree(slot.Second, 1e-6, 1e-7, "second moment");
        }
    }

    [Fact]
    public void Tensors_of_many_allocations_are_all_updated()
    {
        var gpu = TestGpu.Backend;
        var buffers = new List<DeviceBuffer>();
        var slots = new List<OptimizerSlot>();

        // More than an allocation holds, so that values, gradients and moments fall into different ones.
        for (var i = 0; i < 5; i++)
        {
            slots.Add(new OptimizerSlot(Put(1f), Put(2f), Put(0f), Put(0f)));
            buffers.Add(gpu.Rent(70 << 20));
        }

        gpu.Adam([.. slots], new AdamStep(0.5f, 0.9f, 0.9f, 0f, 0f, false, 1));
        var value = new float[3];
        foreach (var slot in slots)
        {
            gpu.Download(slot.Value, value);
            value.Should().Equal([0.5f, 0.5f, 0.5f], (a, b) => Math.Abs(a - b) < 1e-6f);
        }

        buffers.ForEach(b => b.Dispose());
        gpu.TrimMemory();

        DeviceSpan<float> Put(float x)
        {
            buffers.Add(gpu.Rent(3 * sizeof(float)));
            var span = new DeviceSpan<float>(buffers[^1], 0, 3);
            gpu.Upload<float>([x, x, x], span);
            return span;
        }
    }

    [Fact]
    public void Where_the_factor_is_not_a_number_nothing_changes()
    {
        using var pair = new DevicePair();
        var slot = new Slot(pair, 100);
        var (value, first, second) = (pair.Read(slot.Value), pair.Read(slot.First), pair.Read(slot.Second));
        var factor = pair.Put(float.NaN);
        foreach (var rule in Rules.Values)
            pair.Run((backend, at) => rule(backend, [slot.On(at)], 1, at[factor]));
        foreach (var (after, before) in ((DevicePair.Operand, float[])[])[(slot.Value, value), (slot.First, first),
            (slot.Second, second)])
        {
            pair.Read(after).Should().Equal(before);
            pair.ShouldAgree(after, 0, 0);
        }
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        using var pair = new DevicePair();
        float[][] results = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var slot = new Slot(pair, 5000);
            Rules["adam"](pair.Gpu, [slot.On(new DevicePair.Finder(true))], 1, default);
            return pair.Read(slot.Value);
        })];
        results[0].Should().Equal(results[1]);
    }

    [Fact]
    public void A_gradient_of_another_length_and_memory_of_another_device_are_named()
    {
        using var pair = new DevicePair();
        DevicePair.Operand two = pair.Put(1f, 2f), three = pair.Put(1f, 2f, 3f);
        var shorter = () => pair.Gpu.Sgd([new OptimizerSlot(three.OnGpu, two.OnGpu, default, default)],
            new SgdStep(1f, 0f, 0f, 0f, false, true));
        var foreign = () => pair.Gpu.Sgd([new OptimizerSlot(two.OnGpu, two.OnCpu, default, default)],
            new SgdStep(1f, 0f, 0f, 0f, false, true));
        shorter.Should().Throw<ArgumentException>()
            .WithMessage("Sgd: the gradient of slot 0 should hold (1, 3) = 3 elements; got 2.");
        foreign.Should().Throw<ArgumentException>().WithMessage("The memory is on cpu, but the operation runs on *");
    }

    [Fact]
    public void Aligned_tensors_are_read_and_written_four_floats_at_a_time()
    {
        var ptx = PtxCompiler.AlignedPtx<OptimizerGpuKernel<AdamUpdate>>();
        ptx.Split("ld.global.v4.f32").Should().HaveCount(5, "value, gradient and both moments");
        ptx.Split("st.global.v4.f32").Should().HaveCount(4, "value and both moments");
        ptx.Should().NotContain(".local");
    }

    private sealed class Slot(DevicePair pair, int length)
    {
        internal DevicePair.Operand Value { get; } = pair.Put(Numbers.Normal(length, length));

        internal DevicePair.Operand Gradient { get; } = pair.Put(Numbers.Normal(length, 2));

        internal DevicePair.Operand First { get; } = pair.Put(Numbers.Normal(length, 3));

        internal DevicePair.Operand Second { get; } = pair.Put(Array.ConvertAll(Numbers.Normal(length, 4), MathF.Abs));

        internal OptimizerSlot On(DevicePair.Finder at) => new(at[Value], at[Gradient], at[First], at[Second]);
    }
}
