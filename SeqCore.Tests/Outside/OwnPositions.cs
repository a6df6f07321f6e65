using SeqCore;
using SeqCore.Kernels;
using SeqCore.Models;

namespace Outside;

/// <summary>Positions as binary numbers: element j of position p is bit j of p, times a trained scale.</summary>
public sealed class BinaryPositions : PositionEncoding
{
    private readonly Parameter scale;

    public BinaryPositions(int modelSize) : base(modelSize) => scale = Register("scale", Tensor.Full([1], 1f));

    /// <inheritdoc/>
    public override int? MaximumLength => ModelSize < 31 ? 1 << ModelSize : null;

    /// <inheritdoc/>
    protected override Variable Vectors(int firstPosition, int count, Backend backend)
    {
        var bits = new float[count * ModelSize];
        for (var i = 0; i < bits.Length; i++)
            bits[i] = (firstPosition + (i / ModelSize)) >> (i % ModelSize) & 1;
        return Tensor.FromSpan(bits, [count, ModelSize], backend) * scale;
    }
}

public class OwnPositionsTests
{
    [Fact]
    public void Adds_bits()
    {
        using var positions = new BinaryPositions(3);
        positions.Forward(Tensor.Zeros([1, 2, 3]), firstPosition: 5).Value.ToArray().Should().Equal(1f, 0f, 1f, 0f, 1f, 1f);
    }

    [Fact]
    public void The_base_refuses_what_lies_beyond_the_last_position()
    {
        using var positions = new BinaryPositions(2);
        positions.Invoking(p => p.Forward(Tensor.Zeros([1, 5, 2]))).Should().Throw<ShapeException>()
            .WithMessage("BinaryPositions: x should have shape (..., T, D) with T at most 4*");
    }

    [Fact]
    public void Its_scale_is_trained()
    {
        using var positions = new BinaryPositions(3);
        using var tape = new Tape();
        tape.Backward(positions.Forward(Tensor.Zeros([1, 4, 3])).Sum());
        positions.Parameters().Single().Gradient!.Item().Should().Be(4f, "0 to 3 have four bits that are 1");
    }
}
