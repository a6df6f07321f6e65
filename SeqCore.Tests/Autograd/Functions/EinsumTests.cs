namespace SeqCore.Tests.Autograd.Functions;

public class EinsumTests
{
    /// <summary>Subscripts, shapes, and the shape and values of torch.einsum, as Goldens/einsum.py prints them.</summary>
    public static TheoryData<string, int[][], int[], float[]> Cases => new()
    {
        { "ij,jk->ik", [[2, 3], [3, 2]], [2, 2], [2.75f, 2f, -7.5f, 8.5f] },
        { "bij,bjk", [[2, 2, 3], [2, 3, 2]], [2, 2], [8.25f, 7.25f, -2.5f, 13.5f] },
        { "ii", [[3, 3]], [], [-2.5f] },
        { "ii->i", [[3, 3]], [3], [-2f, 1f, -1.5f] },
        { "ij->ji", [[2, 3]], [3, 2], [-2f, 3f, 1.5f, 1f, -0.5f, -1f] },
        { "ij->", [[2, 3]], [], [2f] },
        { "i,i->", [[4], [4]], [], [15.5f] },
        { "i,j->ij", [[2], [3]], [2, 3], [4f, -3f, 1f, -3f, 2.25f, -0.75f] },
        { "ij,ij->i", [[2, 3], [2, 3]], [2], [6.5f, 11f] },
        { "...i,ij->...j", [[2, 2, 3], [3, 2]], [2, 2, 2], [2.75f, 2f, -7.5f, 8.5f, -6.75f, 6.75f, -6f, 5f] },
        { "b...,b...->...", [[2, 3], [2, 3]], [3], [13f, 3.25f, 1.25f] },
        { "ij,jk,kl->il", [[2, 3], [3, 2], [2, 2]], [2, 2], [-6.5f, 10.125f, 10.75f, 14.25f] },
        { "iji->j", [[2, 3, 2]], [3], [-1.5f, 1.5f, -1f] },
        { "ba", [[2, 3]], [3, 2], [-2f, 3f, 1.5f, 1f, -0.5f, -1f] },
        { "aij,jk->ik", [[2, 2, 3], [3, 2]], [2, 2], [-4f, 8.75f, -13.5f, 13.5f] },
        { "...,...", [[2, 1], [3]], [2, 3], [4f, -3f, 1f, -3f, 2.25f, -0.75f] },
        { "bhqd,bhkd->bhqk", [[1, 2, 2, 3], [1, 2, 2, 3]], [1, 2, 2, 2], [6.5f, -4f, -4f, 11f, 8.75f, 8f, 8f, 8f] },
        { "i,i,i->i", [[3], [3], [3]], [3], [-8f, 3.375f, -0.125f] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_those_of_PyTorch(string subscripts, int[][] shapes, int[] shape, float[] values)
    {
        var operands = Array.ConvertAll(shapes, Number);
        var result = Tensor.Einsum(subscripts, operands);
        result.Shape.Should().Equal(shape);
        result.ToArray().Should().Equal(values);
        Variable.Einsum(subscripts, Array.ConvertAll(operands, x => (Variable)x)).Value.ToArray().Should().Equal(values);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_match_finite_differences(string subscripts, int[][] shapes, int[] shape, float[] values)
    {
        shape.Should().NotBeNull();
        values.Should().NotBeEmpty();
        GradientCheck.Run(x => Variable.Einsum(subscripts, [.. x]), Array.ConvertAll(shapes, s => Samples.Of(s.Length, s)));
    }

    [Fact]
    public void Views_and_empty_operands_are_taken_as_they_are()
    {
        var x = Number([3, 2]);
        Tensor.Einsum("ij,jk", x.Transpose(), x).ToArray().Should().Equal(Tensor.MatMul(x.Transpose(), x).ToArray());
        Tensor.Einsum("ij->ij", x).ToArray().Should().Equal(x.ToArray());
        Tensor.Einsum("ij,jk->ik", Tensor.Zeros([2, 0]), Tensor.Zeros([0, 3])).ToArray().Should().Equal(new float[6]);
        Tensor.Einsum(" i j -> j i ", x).ToArray().Should().Equal(x.Transpose().ToArray());
    }

    [Theory]
    [InlineData("ij->ij")]
    [InlineData("ij->ji")]
    [InlineData("ii->i")]
    [InlineData("ij,->ij")]
    public void A_result_shares_no_memory_with_an_operand(string subscripts)
    {
        Tensor x = Number([2, 2]), turned = x.Transpose(), one = Tensor.Ones(Shape.Scalar);
        var before = x.ToArray();
        foreach (var operand in (Tensor[])[x, turned])
        {
            Tensor.Einsum(subscripts, subscripts.Contains(',', StringComparison.Ordinal) ? [operand, one] : [operand])
                .AddInPlace(1f);
            x.ToArray().Should().Equal(before);
        }
    }

    [Fact]
    public void A_result_belongs_to_the_scope_around_it()
    {
        using var outer = new TensorScope();
        var x = Number([3, 2]);
        var result = Tensor.Einsum("ij,ij->i", x, x);
        result.IsDisposed.Should().BeFalse();
        outer.Dispose();
        result.IsDisposed.Should().BeTrue();
    }

    [Theory]
    [InlineData("ij,jk->ik", "*the number of its terms is 2, that of the operands 1*")]
    [InlineData("ijk", "*the number of axes named in 'ijk' is 3, and operand 0 has shape (2, 3)*")]
    [InlineData("i", "*the number of axes named in 'i' is 1, and operand 0 has shape (2, 3)*")]
    [InlineData("ij->k", "*the output has 'k', which no operand has*")]
    [InlineData("ij->ii", "*the output names an axis twice*")]
    [InlineData("i1->i", "*'1' is not a letter from a to z or A to Z*")]
    [InlineData("ij->i->j", "*there is more than one '->'*")]
    [InlineData("...i...", "*has more than one '...'*")]
    [InlineData("ii->i", "Einsum: operand 0 should have shape with size 2 on axis 1 because 'i' of 'ii->i' has it before*")]
    public void Subscripts_that_do_not_fit_are_refused(string subscripts, string message) =>
        FluentActions.Invoking(() => Tensor.Einsum(subscripts, Number([2, 3]))).Should().Throw<ArgumentException>()
            .WithMessage(message);

    private static Tensor Number(int[] sizes)
    {
        var shape = new Shape(sizes);
        return Tensor.FromSpan([.. Enumerable.Range(0, shape.ElementCount).Select(i => (i * 7 % 11 - 4) / 2f)], shape);
    }
}
