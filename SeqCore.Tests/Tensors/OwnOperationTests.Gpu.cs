using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Tensors;

[Collection(GpuCollection.Name)]
public class OwnOperationGpuTests
{
    [Fact]
    public void An_operation_of_the_users_own_runs_on_the_GPU()
    {
        using var x = Tensor.FromSpan([-2f, 0f, 3f], [3], TestGpu.Backend);
        using var y = x.Map(new Shifted(0.5f));
        y.ToArray().Should().Equal(-1.5f, 0.5f, 3.5f);
    }

    [Fact]
    public void A_kernel_that_ILGPU_cannot_see_or_pass_is_named_with_advice()
    {
        Assert.SkipWhen(TestGpu.IsPtxMachine, "the PTX machine passes arguments by itself, without ILGPU");
        using var x = Tensor.FromSpan([1f], [1], TestGpu.Backend);
        x.Invoking(t => t.Map(new Hidden(1f)))
            .Should().Throw<DeviceException>().WithMessage("*Hidden*should be public*ILGPURuntime*");
        x.Invoking(t => t.Map(new Switched(true))).Should().Throw<DeviceException>().WithMessage("*Switched*should be numbers*");
        using var y = x.Map(new Shifted(1f));
        y.Item().Should().Be(2f, "the device continues");
    }

    internal readonly struct Shifted(float shift) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => x + T.Constant(shift);

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(1f);
    }

    internal readonly struct Switched(bool on) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => on ? -x : x;

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(on ? -1f : 1f);
    }

    private readonly struct Hidden(float shift) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => x + T.Constant(shift);

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(1f);
    }
}
