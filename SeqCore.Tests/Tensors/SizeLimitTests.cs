using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Tensors;

/// <summary>What exceeds 2^31 - 1 elements is refused by one exception, wherever it is asked for.</summary>
public sealed class SizeLimitTests
{
    [Fact]
    public void Every_size_that_overflows_is_refused_by_the_same_exception()
    {
        var backend = Backend.Default;
        Action[] tooLarge =
        [
            () => _ = new Shape(46_341, 46_341),
            () => _ = new Shape(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, 7),
            () => Tensor.Arange(0f, 3e9f),
            () => Backend.RecurrentWorkspace<PlainLstm>(new RecurrentShape(160, 5000, 8, 512)),
            () => Backend.RecurrentWorkspace<PlainGru>(new RecurrentShape(65_536, 1, 8, 65_536)),
            () => Backend.RecurrentWorkspace<PlainRnn>(new RecurrentShape(65_536, 65_536, 8, 65_536)),
            () => _ = new TokenBatch(65_536, 65_536),
            () => _ = new MaskedBatch(65_536, 65_536),
        ];
        foreach (var action in tooLarge)
        {
            action.Should().Throw<SizeLimitException>().WithMessage("* would have * elements, more than 2^31 - 1. *.")
                .Which.Elements.Should().BeGreaterThan(int.MaxValue);
        }
    }

    [Fact]
    public void What_no_array_of_NET_holds_is_refused_by_the_same_exception_by_everything_that_takes_a_count()
    {
        Action[] tooLarge =
        [
            () => IndexTensor.Arange(int.MaxValue),
            () => Tensor.Arange(int.MaxValue),
            () => Tensor.Linspace(0f, 1f, int.MaxValue),
            () => Tensor.Eye(1, int.MaxValue),
            () => Tensor.Eye(int.MaxValue, 1),
            () => BoolTensor.LowerTriangle(1, int.MaxValue),
            () => BoolTensor.UpperTriangle(int.MaxValue, 1),
            () => BoolTensor.LengthMask(IndexTensor.FromArray([1]), int.MaxValue),
            () => BoolTensor.LengthMask(IndexTensor.FromArray([1]), int.MaxValue - 1),
            () => _ = new TokenBatch(1, int.MaxValue),
            () => _ = new MaskedBatch(int.MaxValue, 1),
        ];
        foreach (var (i, action) in tooLarge.Index())
        {
            action.Should().Throw<SizeLimitException>($"of number {i}")
                .WithMessage("* would have * elements, more than 2^31 - *. *.")
                .Which.Elements.Should().BeGreaterThan(Array.MaxLength);
        }
    }

    [Fact]
    public void A_range_of_integers_is_as_long_as_it_should_be_where_float32_has_no_such_number()
    {
        const int End = (1 << 24) + 1;
        using var range = Tensor.Arange(End);

        range.ElementCount.Should().Be(End);
    }

    [Fact]
    public void Memory_that_the_system_does_not_have_is_refused_in_words_and_the_backend_works_on()
    {
        using var backend = new CpuBackend(threads: 1);
        const long Asked = 1L << 56;

        var refused = backend.Invoking(b => b.Rent(Asked)).Should().Throw<DeviceMemoryException>()
            .WithMessage("CpuBackend: the system has no memory for 68,719,476,736 MB more. Use a smaller batch*").Which;

        (refused.Requested, refused.Device).Should().Be((Asked, Device.Cpu));
        backend.Memory.Should().Be(new MemoryUse(0, 0, 0));
        using var buffer = backend.Rent(1000);
        backend.Memory.InUse.Should().BeGreaterThanOrEqualTo(1000);
    }

    [Fact]
    public void An_array_that_the_collector_cannot_make_is_refused_in_words()
    {
        var refused = FluentActions.Invoking(() => HostArray.New<Plenty>("A test", Array.MaxLength))
            .Should().Throw<DeviceMemoryException>().WithMessage("A test: the system has no memory for * MB more. *").Which;

        refused.InnerException.Should().BeOfType<OutOfMemoryException>();
    }

    // The largest element of an array; as many as an array holds would take 2^46 bytes, more than any machine has.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 1 << 15)]
    private struct Plenty;

    [Fact]
    public void The_largest_size_is_allowed() => new Shape(int.MaxValue).ElementCount.Should().Be(int.MaxValue);
}
