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
            () => backend.LstmWorkspace(new RecurrentShape(160, 5000, 8, 512)),
            () => backend.GruWorkspace(new RecurrentShape(65_536, 1, 8, 65_536)),
            () => backend.RnnWorkspace(new RecurrentShape(65_536, 65_536, 8, 65_536)),
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
    public void The_largest_size_is_let_through() => new Shape(int.MaxValue).ElementCount.Should().Be(int.MaxValue);
}
