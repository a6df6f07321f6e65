using SeqCore.Kernels;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

public class Conv1dFunctionTests
{
    public static TheoryData<string> Names => [.. Options.Keys];

    private static readonly Dictionary<string, Conv1dOptions> Options = new()
    {
        ["default"] = new(),
        ["strided"] = new() { Stride = 2, Padding = 1 },
        ["dilated"] = new() { Dilation = 2, Padding = Conv1dPadding.Same },
        ["causal"] = new() { Padding = Conv1dPadding.Causal },
        ["grouped"] = new() { Groups = 2, Padding = Conv1dPadding.Of(2, 0) },
        ["depth-wise"] = new() { Groups = 4, Padding = Conv1dPadding.Same },
    };

    [Theory, MemberData(nameof(Names))]
    public void Result_and_gradient_match_the_definition_in_double(string name)
    {
        var options = Options[name];
        var shape = options.Of(2, 6, 4, 4, 3);
        Tensor[] inputs = [Samples.Of(1, 2, 6, 4), Samples.Of(2, 4, 4 / options.Groups, 3), Samples.Of(3, 4)];
        var tight = new GradientCheckOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-5 };
        GradientCheck.Run(v => v[0].Conv1d(v[1], v[2], options), v => Definition.Conv1d(shape, v[0], v[1], v[2]), inputs, tight);
        int[] lengths = [6, 3];
        GradientCheck.Run(v => v[0].Conv1d(v[1], null, options, IndexTensor.FromArray(lengths)),
            v => Definition.Conv1d(shape, v[0], v[1], [], lengths), inputs[..2], tight);
    }

    [Fact]
    public void Gradient_through_views_matches_finite_differences() =>
        GradientCheck.Run(v => v[0].Transpose(1, 2).Conv1d(v[1].Transpose(0, 2), v[2]),
            [Samples.Of(1, 2, 3, 5), Samples.Of(2, 2, 3, 4), Samples.Of(3, 4)]);

    [Fact]
    public void Lengths_of_results_are_those_of_the_sequences_alone()
    {
        foreach (var options in Options.Values.Append(new() { Stride = 3, Dilation = 2, Padding = Conv1dPadding.Causal }))
        {
            int[] lengths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 13];
            options.OutputLengths(IndexTensor.FromArray(lengths), 3).ToArray()
                .Should().Equal(lengths.Select(l => options.OutputLength(l, 3)));
            using var x = Samples.Of(1, 10, 13, 4);
            Variable w = Samples.Of(2, 4, 4 / options.Groups, 3);
            var together = new Variable(x).Conv1d(w, null, options, IndexTensor.FromArray(lengths)).Value;
            for (var b = 0; b < lengths.Length; b++)
            {
                var length = options.OutputLength(lengths[b], 3);
                var alone = new Variable(x[b].Slice(0, 0, lengths[b]).Unsqueeze(0)).Conv1d(w, null, options).Value;
                alone.Shape.Should().Equal(1, length, 4);
                together[b].Slice(0, 0, length).ToArray().ShouldBeCloseTo(alone.ToArray(), 1e-6f, $"{options}, row {b}");
                together[b].Slice(0, length, together.Shape[1] - length).ToArray().Where(v => v != 0f).Should().BeEmpty();
            }
        }
    }

    [Fact]
    public void A_causal_result_depends_on_no_later_step()
    {
        var options = new Conv1dOptions { Dilation = 2, Padding = Conv1dPadding.Causal };
        options.ReceptiveField(3).Should().Be(5);
        Tensor x = Samples.Of(1, 1, 9, 2), later = x.Copy();
        later.Slice(1, 5, 4).FillInPlace(7f);
        Variable w = Samples.Of(2, 3, 2, 3);
        new Variable(later).Conv1d(w, null, options).Value.Slice(1, 0, 5).ToArray()
            .Should().Equal(new Variable(x).Conv1d(w, null, options).Value.Slice(1, 0, 5).ToArray());
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Variable x = Samples.Of(1, 2, 6, 4), w = Samples.Of(2, 5, 4, 3);
        x.Invoking(v => v.Conv1d(Samples.Of(1, 5, 4))).Should().Throw<ShapeException>()
            .WithMessage("Conv1d: weight should have shape (O, I / groups, K); got (5, 4). Hint: *Unsqueeze(2)*");
        x.Invoking(v => v.Conv1d(w, null, new() { Groups = 2 })).Should().Throw<ShapeException>()
            .WithMessage("Conv1d: weight*multiple of groups = 2*(5, 4, 3)*");
        x.Invoking(v => v.Conv1d(Samples.Of(1, 6, 4, 3), null, new() { Groups = 2 })).Should().Throw<ShapeException>()
            .WithMessage("Conv1d: x should have shape (B, T, I) = (B, T, 8)*groups = 2; got (2, 6, 4). Hint: *of one group*");
        x.Transpose(1, 2).Invoking(v => v.Conv1d(w)).Should().Throw<ShapeException>()
            .WithMessage("Conv1d: x*(B, T, 4)*(2, 4, 6). Hint: the channels are the last axis here*Transpose(1, 2)*");
        x[0].Invoking(v => v.Conv1d(w)).Should().Throw<ShapeException>().WithMessage("Conv1d: x*Hint: *Unsqueeze(0)*");
        x.Invoking(v => v.Conv1d(w, Samples.Of(1, 4))).Should().Throw<ShapeException>()
            .WithMessage("Conv1d: bias should have shape (O,) = (5,) because weight*(5, 4, 3); got (4,).");
        x.Invoking(v => v.Conv1d(w, null, null, IndexTensor.FromArray([1]))).Should().Throw<ShapeException>()
            .WithMessage("Conv1d: lengths should have shape (B,) = (2,) because x*; got (1,).");
        x.Invoking(v => v.Conv1d(w, null, new() { Stride = 0 })).Should().Throw<ArgumentException>().WithMessage("*stride 0*");
        x.Invoking(v => v.Conv1d(w, null, new() { Stride = 2, Padding = Conv1dPadding.Same })).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: padding \"same\"*stride 1; got stride 2. Hint: *Causal*");
        FluentActions.Invoking(() => Conv1dPadding.Of(-1, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Paddings_have_names()
    {
        Conv1dPadding both = 3;
        string[] names = [$"{both}", $"{Conv1dPadding.Of(1, 2)}", $"{Conv1dPadding.Same}", $"{Conv1dPadding.Causal}"];
        names.Should().Equal("3", "(1, 2)", "same", "causal");
        Conv1dPadding.FromInt32(3).Should().Be(both);
    }
}
