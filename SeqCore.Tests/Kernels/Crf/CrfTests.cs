using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Crf;

public class CrfTests
{
    private const float Never = float.NegativeInfinity;

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 2, 3, 2 }, { 3, 5, 4 }, { 4, 17, 9 }, { 3, 12, 16 }, { 3, 9, 17 }, { 2, 7, 33 }, { 70, 6, 5 }, { 2, 0, 3 },
        { 0, 4, 3 }, { 1, 200, 3 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Losses_and_gradients_agree_with_forward_backward_in_double(int batch, int steps, int tags)
    {
        foreach (var hasLengths in (bool[])[false, true])
        {
            var field = new Field(batch, steps, tags, hasLengths);
            field.ShouldAgree(field.Run(2), 2e-5, 2e-5);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(3, 6)]
    public void Losses_marginals_and_best_tags_are_those_of_all_sequences_of_tags(int steps, int tags)
    {
        var field = new Field(3, steps, tags, hasLengths: true);
        var found = field.Run(1);
        for (var b = 0; b < 3; b++)
        {
            var length = field.Lengths![b];
            double[] e = ToDouble(field.Row(b)), sums = new double[length * tags];
            double z = 0, best = double.NegativeInfinity;
            int[] bestTags = [];
            for (var path = 0; path < (int)Math.Pow(tags, length); path++)
            {
                var y = new int[length];
                for (int t = 0, rest = path; t < length; t++, rest /= tags)
                    y[t] = rest % tags;
                var score = field.Score(e, y);
                z += Math.Exp(score);
                for (var t = 0; t < length; t++)
                    sums[t * tags + y[t]] += Math.Exp(score);
                if (score > best)
                    (best, bestTags) = (score, y);
            }

            var gold = field.Targets.AsSpan(b * steps, length);
            Math.Abs(found.Losses[b] - (Math.Log(z) - field.Score(e, gold))).Should().BeLessThan(1e-5);
            ShouldBeNear(found.Marginals.AsSpan(b * steps * tags, length * tags), Array.ConvertAll(sums, v => v / z), 0, 1e-5,
                $"marginals of row {b}");
            found.Marginals.Skip((b * steps + length) * tags).Take((steps - length) * tags).Where(p => p != 0f)
                .Should().BeEmpty();
            found.Best.AsSpan(b * steps, length).ToArray().Should().Equal(bestTags);
            found.Best.AsSpan(b * steps + length, steps - length).ToArray().Where(t => t != 0).Should().BeEmpty();
            found.BestScores[b].Should().BeApproximately((float)best, 1e-5f);
        }
    }

    [Theory]
    [InlineData(1e4f, 7)]
    [InlineData(1e4f, 20)]
    [InlineData(300f, 5)]
    [InlineData(60f, 18)]
    public void Large_scores_are_no_harm(float scale, int tags)
    {
        // Numbers of 14 bits, so that sums of a few are exact in float32, and a difference of 1 is not lost.
        var field = new Field(4, 11, tags, hasLengths: true);
        foreach (var scores in (float[][])[field.Emissions, field.Transitions, field.Start, field.End])
        {
            for (var i = 0; i < scores.Length; i++)
                scores[i] = MathF.Round(Math.Clamp(scores[i] / 2, -1, 1) * scale * 0.25f) * 4;
        }

        var found = field.Run(2);
        field.ShouldAgree(found, 1e-5, 2e-3);
        found.Losses.Should().OnlyContain(l => float.IsFinite(l));
    }

    [Fact]
    public void A_tag_that_only_an_unlikely_one_leads_to_is_not_lost()
    {
        // Tag 1 is behind by 200 and the only way to tag 2, which the end asks for: e^-200 is 0 in float32.
        var field = new Field(1, 3, 3, hasLengths: false);
        float[] e = [0, -200, -500, 0, -200, 0, 0, 0, 0], transitions = [0, 0, -9000, 0, 0, 0, 0, 0, 0];
        e.CopyTo(field.Emissions, 0);
        transitions.CopyTo(field.Transitions, 0);
        float[] end = [-1000, -1000, 0];
        end.CopyTo(field.End, 0);
        field.ShouldAgree(field.Run(1), 1e-6, 1e-5);
    }

    [Fact]
    public void Forbidden_transitions_have_no_probability_and_are_never_decoded()
    {
        var field = new Field(3, 8, 5, hasLengths: true);
        for (var i = 0; i < 5; i++)
        {
            field.Transitions[i * 5 + 3] = i == 2 || i == 3 ? field.Transitions[i * 5 + 3] : Never;
            field.Transitions[i * 5 + 4] = Never;
        }

        field.Start[3] = field.Start[4] = Never;
        for (var i = 0; i < field.Emissions.Length; i++)
            field.Emissions[i] += i % 5 == 3 ? 50 : i % 5 == 4 ? 1e4f : 0;
        for (var i = 0; i < field.Targets.Length; i++)
            field.Targets[i] %= 3;
        var found = field.Run(2);
        field.ShouldAgree(found, 1e-5, 1e-4);
        found.Marginals.Where((_, i) => i % 5 == 4).Should().OnlyContain(p => p == 0f);
        found.Best.Should().NotContain(4);
        for (var b = 0; b < 3; b++)
        {
            for (var t = 0; t < field.Lengths![b]; t++)
            {
                if (found.Best[b * 8 + t] == 3)
                    (t > 0 ? found.Best[b * 8 + t - 1] : 4).Should().BeOneOf(2, 3);
            }
        }

        field.Targets[1] = 4;
        field.Run(1).Losses[0].Should().Be(float.PositiveInfinity, "the target is forbidden");
    }

    [Theory]
    [InlineData(5, 9, 7)]
    [InlineData(70, 4, 3)]
    public void Threads_change_no_bit(int batch, int steps, int tags)
    {
        var field = new Field(batch, steps, tags, hasLengths: true);
        var one = field.Run(1);
        foreach (var threads in (int[])[2, 3])
        {
            var many = field.Run(threads);
            foreach (var (a, b) in one.Floats.Zip(many.Floats))
                b.Should().Equal(a);
            many.Best.Should().Equal(one.Best);
        }
    }

    [Fact]
    public void Scales_multiply_the_gradients_of_rows()
    {
        var field = new Field(3, 5, 4, hasLengths: true) { Scales = [0.5f, -2f, 0f], Scale = 3f };
        field.ShouldAgree(field.Run(2), 1e-5, 1e-5);
    }

    [Fact]
    public void What_lies_past_a_length_changes_nothing()
    {
        Field clean = new(3, 8, 5, hasLengths: true), dirty = new(3, 8, 5, hasLengths: true);
        for (var b = 0; b < 3; b++)
        {
            var length = dirty.Lengths![b];
            dirty.Emissions.AsSpan((b * 8 + length) * 5, (8 - length) * 5).Fill(float.NaN);
            dirty.Targets.AsSpan(b * 8 + length, 8 - length).Fill(-100);
        }

        var (a, c) = (clean.Run(1), dirty.Run(1));
        foreach (var (expected, found) in a.Floats.Zip(c.Floats))
            found.Should().Equal(expected);
        c.Best.Should().Equal(a.Best);
    }

    [Fact]
    public void Wrong_operands_are_named()
    {
        using var arena = new Arena();
        var scores = arena.Put(new float[24]);
        CrfArguments Arguments(int[] targets, int[] lengths, int tags = 4) => new()
        {
            Batch = 2,
            Steps = 3,
            Tags = tags,
            Emissions = scores,
            Transitions = scores,
            Start = scores,
            End = scores,
            Targets = arena.PutIndices(targets),
            Lengths = arena.PutIndices(lengths),
            Losses = arena.Output(2),
        };
        arena.Backend.Invoking(b => b.Crf(Arguments([0, 1, 2, 3, 4, 0], [3, 2]))).Should().Throw<ArgumentException>()
            .WithMessage("Crf: targets should be tags in [0, K) = [0, 4) within the lengths; row 1 has 4 at step 1.");
        arena.Backend.Invoking(b => b.Crf(Arguments([0, 1, 2, 3, 3, 0], [3, 4]))).Should().Throw<ArgumentException>()
            .WithMessage("Crf: lengths should lie in [0, T] = [0, 3]; that of row 1 is 4.");
        arena.Backend.Invoking(b => b.CrfDecode(Arguments([], [-1, 2]) with { Targets = default }, arena.PutIndices(new int[6])))
            .Should().Throw<ArgumentException>().WithMessage("CrfDecode: lengths*row 0 is -1.");
        arena.Backend.Invoking(b => b.CrfGradient(Arguments([0, 1, 2, 3, 3, 0], [3, 2], 5), default)).Should()
            .Throw<ArgumentException>().WithMessage("CrfGradient: emissions should hold (2, 15) = 30 elements; got 24.");
        arena.Backend.Invoking(b => b.Crf(Arguments([], [], 0))).Should().Throw<ArgumentException>()
            .WithMessage("Crf: there should be at least 1 tag; got 0.");
    }
}
