namespace SeqCore.Tests.Autograd.Functions;

public class EmbeddingFunctionTests
{
    private readonly IndexTensor indices = IndexTensor.FromSpan([0, 3, 3, 1, 3, 0], new Shape(2, 3));

    [Fact]
    public void Gradient_matches_finite_differences_and_equal_indices_add_up() =>
        GradientCheck.Run(x => x[0].Embedding(indices), [Samples.Of(1, 5, 4)]).Checked.Should().Be(20);

    [Fact]
    public void Rows_are_those_that_the_indices_name()
    {
        var table = Samples.Of(1, 5, 4);
        var y = new Variable(table).Embedding(indices).Value;
        y.Shape.Should().Equal(2, 3, 4);
        y.Reshape(6, 4).Select(0, 4).ToArray().Should().Equal(table.Select(0, 3).ToArray());
    }

    [Fact]
    public void The_paddings_row_gets_no_gradient()
    {
        var table = new Variable(Samples.Of(1, 5, 2), requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(table.Embedding(indices, paddingIndex: 3).Sum());
        table.Gradient!.ToArray().Should().Equal(2f, 2f, 1f, 1f, 0f, 0f, 0f, 0f, 0f, 0f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_padding_index_may_count_from_the_end(bool sparse)
    {
        var table = new Variable(Samples.Of(1, 5, 2), requiresGradient: true);
        for (var pass = 1; pass <= 2; pass++)
        {
            using var tape = new Tape();
            tape.Backward(table.Embedding(indices, paddingIndex: -2, sparseGradient: sparse).Sum());
            table.Gradient!.ToArray().Should().Equal(2f * pass, 2f * pass, pass, pass, 0f, 0f, 0f, 0f, 0f, 0f);
        }

        if (sparse)
            table.GradientRows.Should().Equal(0, 1);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        foreach (var padding in (int[])[5, -6])
        {
            new Variable(Samples.Of(1, 5, 2)).Invoking(t => t.Embedding(indices, padding)).Should()
                .Throw<ArgumentOutOfRangeException>().WithMessage("Embedding: the padding index should be a row of the table*");
        }

        new Variable(Samples.Of(1, 5)).Invoking(t => t.Embedding(indices))
            .Should().Throw<ShapeException>().WithMessage("Embedding: table should have shape (V, D)*");
        new Variable(Samples.Of(1, 3, 2)).Invoking(t => t.Embedding(indices).Value.ToArray())
            .Should().Throw<ArgumentException>().WithMessage("*3*");
    }
}
