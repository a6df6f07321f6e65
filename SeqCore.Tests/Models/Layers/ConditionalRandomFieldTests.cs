using SeqCore.Models;
using SeqCore.Tests.Goldens;
using Draws = SeqCore.Tests.Autograd.Samples;

namespace SeqCore.Tests.Models.Layers;

public class ConditionalRandomFieldTests
{
    private static readonly string[] Labels = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];

    /// <summary>The expected numbers are PyTorch's, as Goldens/crf.py made them.</summary>
    [Fact]
    public void Loss_gradients_and_best_tags_are_those_of_PyTorch()
    {
        var golden = Golden.Read("crf.json");
        var shape = new Shape(golden.GetProperty("shape").Integers());
        using var field = new ConditionalRandomField(shape[2], new RandomGenerator(1));
        field.LoadStateDictionary(golden.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => Tensor.FromSpan(p.Value.Floats(), field.StateDictionary()[p.Name].Shape)));
        var x = new Variable(Tensor.FromSpan(golden.GetProperty("emissions").Floats(), shape), requiresGradient: true);
        var lengths = IndexTensor.FromArray(golden.GetProperty("lengths").Integers());
        var tags = IndexTensor.FromSpan(golden.GetProperty("tags").Integers(), new Shape(shape[0], shape[1]));
        using (var tape = new Tape())
        {
            field.Loss(x, tags, lengths, LossReduction.None).Value.ToArray()
                .ShouldBeCloseTo(golden.GetProperty("losses").Floats(), 1e-5f, "losses");
            var loss = field.Loss(x, tags, lengths);
            loss.Value.Item().Should().BeApproximately(golden.GetProperty("loss").GetSingle(), 1e-5f);
            tape.Backward(loss);
        }

        x.Gradient!.ToArray().ShouldBeCloseTo(golden.GetProperty("dEmissions").Floats(), 1e-6f, "emissions");
        foreach (var (name, parameter) in field.NamedParameters())
        {
            parameter.Gradient!.ToArray()
                .ShouldBeCloseTo(golden.GetProperty("gradients").GetProperty(name).Floats(), 2e-6f, name);
        }

        var best = golden.GetProperty("best").EnumerateArray().Select(b => b.Integers()).ToArray();
        field.Decode(x, lengths).Should().BeEquivalentTo(best, o => o.WithStrictOrdering());
    }

    [Fact]
    public void Parameters_have_the_names_and_the_range_of_pytorch_crf()
    {
        using var field = new ConditionalRandomField(5, new RandomGenerator(1));
        field.StateDictionary().Keys.Should().BeEquivalentTo("start_transitions", "end_transitions", "transitions");
        field.Parameters().Should().OnlyContain(p => p.Value.Abs().Max().Item() <= 0.1f);
        field.TagCount.Should().Be(5);
    }

    [Fact]
    public void Marginals_add_up_to_1_within_the_lengths()
    {
        using var field = new ConditionalRandomField(5, new RandomGenerator(1), TagConstraints.Bio(Labels));
        var marginals = field.Marginals(Draws.Uniform(1, -3, 3, 2, 4, 5), IndexTensor.FromArray([4, 2]));
        marginals.Sum(2).ToArray().ShouldBeCloseTo([1f, 1f, 1f, 1f, 1f, 1f, 0f, 0f], 1e-6f, "sums");
        foreach (var inside in (int[])[2, 4])
            marginals.Select(1, 0).Select(1, inside).ToArray().Should().OnlyContain(p => p == 0f);
    }

    [Fact]
    public void Labels_inside_follow_their_own_kind_only()
    {
        var bio = TagConstraints.Bio(Labels);
        for (var j = 0; j < 5; j++)
        {
            bio.AllowsStart(j).Should().Be(j is not (2 or 4));
            for (var i = 0; i < 5; i++)
                bio.Allows(i, j).Should().Be(j switch { 2 => i is 1 or 2, 4 => i is 3 or 4, _ => true });
        }

        // Whatever the emissions ask for.
        using var field = new ConditionalRandomField(5, new RandomGenerator(1), bio);
        var found = field.Decode(Draws.Uniform(1, -1e4, 1e4, 20, 30, 5));
        foreach (var tags in found)
        {
            bio.AllowsStart(tags[0]).Should().BeTrue();
            tags.Zip(tags.Skip(1)).Should().OnlyContain(p => bio.Allows(p.First, p.Second));
        }
    }

    [Fact]
    public void Gradients_with_constraints_match_finite_differences()
    {
        using var field = new ConditionalRandomField(5, new RandomGenerator(1), TagConstraints.Bio(Labels));
        var tags = IndexTensor.FromArray(new[,] { { 1, 2, 0 }, { 3, 4, 4 } });
        GradientCheck.Run(v => field.Loss(v[0], tags), [Draws.Of(1, 2, 3, 5)]);
        using var tape = new Tape();
        tape.Backward(field.Loss(Draws.Of(1, 2, 3, 5), tags));
        field.Transitions.Gradient![0, 2].Item().Should().Be(0f, "a forbidden score has no gradient");
        field.Transitions.Gradient[1, 2].Item().Should().NotBe(0f);
        field.Loss(Draws.Of(1, 2, 3, 5), IndexTensor.FromArray(new[,] { { 0, 2, 0 }, { 3, 4, 4 } }), null, LossReduction.None)
            .Value.ToArray()[0].Should().Be(float.PositiveInfinity);
    }

    [Fact]
    public void It_learns_a_rule_that_emissions_do_not_show()
    {
        // Tags alternate between 0 and 1 with 2 at the end; the emissions are noise that is the same for all.
        using var field = new ConditionalRandomField(3, new RandomGenerator(1));
        using var optimizer = new Adam(field.Parameters(), learningRate: 0.1f);
        Variable x = Tensor.Zeros([4, 7, 3]);
        int[,] rows = new int[4, 7];
        for (var b = 0; b < 4; b++)
        {
            for (var t = 0; t < 7; t++)
                rows[b, t] = t == 6 ? 2 : t % 2;
        }

        var tags = IndexTensor.FromArray(rows);
        for (var step = 0; step < 80; step++)
        {
            using var tape = new Tape();
            field.ZeroGradients();
            tape.Backward(field.Loss(x, tags));
            optimizer.Step();
        }

        field.Decode(x)[0].Should().Equal(0, 1, 0, 1, 0, 1, 2);
    }

    [Fact]
    public void Constraints_that_do_not_fit_are_named()
    {
        FluentActions.Invoking(() => new ConditionalRandomField(4, new RandomGenerator(1), TagConstraints.Bio(Labels))).Should()
            .Throw<ArgumentException>()
            .WithMessage("ConditionalRandomField: the constraints should be for 4 tags; they are for 5.*");
        FluentActions.Invoking(() => new TagConstraints(new bool[2, 3])).Should().Throw<ArgumentException>()
            .WithMessage("TagConstraints: transitions should have shape (K, K) and start (K,); got (2, 3) and (2,).*");
        FluentActions.Invoking(() => TagConstraints.Bio(Labels).Allows(0, 5)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
