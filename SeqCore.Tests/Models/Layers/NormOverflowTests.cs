using SeqCore.Models;

namespace SeqCore.Tests.Models.Layers;

/// <summary>Squares are summed in single precision, as the documentation of these operations says.</summary>
public sealed class NormOverflowTests
{
    [Theory]
    [InlineData(1e18f, false)]
    [InlineData(1e20f, true)]
    public void Squares_above_the_largest_float_make_norms_infinite_and_normalised_elements_0(float size, bool overflows)
    {
        using var scope = new TensorScope();
        var x = Tensor.FromSpan([size, -size, size, -size], [1, 4]);
        foreach (var result in (Tensor[])[x.Norm(), x.Variance(), x.StandardDeviation()])
            float.IsInfinity(result.Item()).Should().Be(overflows);
        foreach (var layer in (NormLayer[])[new LayerNorm(4), new RmsNorm(4)])
            layer.Forward(x).Value[0, 0].Item().Should().BeApproximately(overflows ? 0f : 1f, 1e-6f);
    }
}
