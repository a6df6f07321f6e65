namespace SeqCore.Tests.Tensors;

/// <summary>Errors name the operation that was called, and what it expects.</summary>
public class TensorMessageTests
{
    public static TheoryData<string, Action<Tensor>> Wrong => new()
    {
        { "Pad: before should be at least 0.*", x => x.Pad(1, -1, 1) },
        { "Pad: after should be at least 0.*", x => x.Pad([(0, 0), (0, -2)]) },
        { "Tile: count should be at least 0.*", x => x.Tile(-1) },
        { "Repeat: count should be at least 0.*", x => x.Repeat(-1, 0) },
        { "Slice: step should be at least 1.*", x => x.Slice(0, 0, 1, 0) },
        { "Variance: correction should be at least 0.*", x => x.Variance(0, correction: -1) },
        { "AllClose: relativeTolerance should be at least 0.*", x => x.AllClose(x, float.NaN) },
        { "Arange: end should be at least 0.*", _ => Tensor.Arange(-1) },
        { "Arange: end should be at least 0.*", _ => IndexTensor.Arange(-1) },
        { "Linspace: count should be at least 0.*", _ => Tensor.Linspace(0f, 1f, -1) },
        { "OneHot: classes should be at least 1.*", _ => Tensor.OneHot(IndexTensor.FromSpan([0], [1]), 0) },
        { "Reshape: only one size may be -1, which is inferred from the others; got (-1, -1).*", x => x.Reshape(-1, -1) },
        { "Count: axis 0 is named twice; got (0, 0).", x => (x > 2f).Count([0, 0]) },
        { "Any: axis 1 is named twice; got (1, -1).", x => (x > 2f).Any([1, -1]) },
        { "All: a tensor of shape (2, 3) has axes -2 to 1.*", x => (x > 2f).All(2) },
        { "Tensor[...]: ^2147483647 does not lie on axis 0 of shape (2, 3).*", x => _ = x[int.MinValue] },
        { "Tensor[...]: 2147483647 does not lie on axis 1 of shape (2, 3).*", x => x[0, int.MaxValue] = x },
        { "PrintOptions: EdgeItems should be at least 1.*", x => x.ToString(new PrintOptions { EdgeItems = 0, Threshold = 0 }) },
        { "PrintOptions: Threshold should be at least 0.*", x => x.ToString(new PrintOptions { Threshold = -1 }) },
        { "PrintOptions: Digits should be between 0 and 9.*", x => x.ToString(new PrintOptions { Digits = 10 }) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Errors_name_the_operation(string message, Action<Tensor> call) =>
        call.Invoking(c => c(Tensor.Arange(6).Reshape(2, 3))).Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void Options_at_their_limits_print() =>
        Tensor.Arange(3).ToString(new PrintOptions { EdgeItems = int.MaxValue, Threshold = 0, Digits = 0 }).Should()
            .Be("Tensor (3,)\n[0, 1, 2]");
}
