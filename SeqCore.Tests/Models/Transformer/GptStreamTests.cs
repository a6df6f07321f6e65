using SeqCore.Models;

namespace SeqCore.Tests.Models.Transformer;

public class GptStreamTests
{
    private static readonly GptOptions Small =
        new() { VocabularySize = 11, MaximumLength = 600, Layers = 2, HeadCount = 4, ModelSize = 16 };

    public static TheoryData<string> Forms => [.. All.Keys];

    private static Dictionary<string, GptOptions> All { get; } = new()
    {
        ["learned"] = Small,
        ["none"] = Small with { Positions = PositionKind.None, MaximumLength = null },
        ["sinusoidal"] = Small with { Positions = PositionKind.Sinusoidal, MaximumLength = null },
        ["rotary"] = Small with { Positions = PositionKind.Rotary, MaximumLength = null },
        ["rotary in part, grouped, window"] =
            Small with { Positions = PositionKind.Rotary, RotarySize = 2, RotaryBase = 500, KeyHeadCount = 2, Window = 40 },
        ["ALiBi"] = Small with { Positions = PositionKind.Alibi, MaximumLength = null },
        ["grouped"] = Small with { KeyHeadCount = 2 },
        ["one key head, untied, no bias"] = Small with { KeyHeadCount = 1, TieWeights = false, Bias = false },
        ["window"] = Small with { Window = 5 },
        ["window of one"] = Small with { Window = 1 },
        ["SwiGLU, RMSNorm"] =
            Small with { Activation = FeedForwardActivation.SwiGlu, Norm = NormKind.RmsNorm, FeedForwardSize = 24 },
        ["dropout"] = Small with { Dropout = 0.5f },
        ["softcap"] = Small with { Softcap = 0.5f, Positions = PositionKind.Alibi, Window = 40, MaximumLength = null },
        ["narrow values, grouped"] = Small with { ValueHeadSize = 3, KeyHeadCount = 2 },
        ["wide values, softcap, rotary"] =
            Small with { ValueHeadSize = 9, Softcap = 2f, Positions = PositionKind.Rotary, MaximumLength = null },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Streaming_predicts_what_the_whole_sequence_predicts_while_the_cache_grows(string form)
    {
        const int batch = 2, steps = 262;
        using var scope = new TensorScope();
        using var model = GptTests.Lively(All[form], 0.3f);
        var tokens = Tokens(batch, steps);
        model.Evaluate();
        using var whole = IndexTensor.FromSpan(tokens, [batch, steps]);
        var expected = model.Predict(whole).Value;
        model.Train();
        using var stream = model.NewStream(batch);
        for (var t = 0; t < steps; t++)
            stream.Step(Column(tokens, batch, t)).ShouldBeCloseTo(expected.Select(1, t), 1e-5f, $"{form}, step {t}");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_prompt_read_in_one_pass_is_a_prompt_read_token_by_token(string form)
    {
        using var scope = new TensorScope();
        using var model = GptTests.Lively(All[form], 0.3f);
        using TokenStream atOnce = model.NewStream(2), oneByOne = model.NewStream(2);
        foreach (var length in new[] { 1, 254, 4 })
        {
            var prompt = Tokens(1, length);
            foreach (var token in prompt)
                oneByOne.Step([token, token]);
            atOnce.Read(prompt).ShouldBeCloseTo(oneByOne.Logits, 1e-5f, $"{form}, after {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Reordered_rows_go_on_from_what_the_named_rows_have_read(string form)
    {
        const int batch = 3;
        using var scope = new TensorScope();
        using var model = GptTests.Lively(All[form], 0.3f);
        using TokenStream moved = model.NewStream(batch), straight = model.NewStream(batch);
        var tokens = Tokens(batch, 8);
        int[] rows = [2, 0, 2];
        for (var t = 0; t < 8; t++)
        {
            moved.Step(Column(tokens, batch, t));
            straight.Step([.. rows.Select(r => tokens[(r * 8) + t])]);
        }

        moved.Reorder(rows);
        moved.Logits.ShouldBeCloseTo(straight.Logits, 1e-6f, "logits");
        for (var t = 0; t < 3; t++)
            moved.Step([t, t + 1, 9 - t]).ShouldBeCloseTo(straight.Step([t, t + 1, 9 - t]), 1e-6f, $"{form}, step {t}");
    }

    [Fact]
    public void After_a_reset_nothing_has_been_read()
    {
        using var model = GptTests.Lively(Small);
        using var stream = model.NewStream();
        var first = stream.Step(3).ToArray();
        stream.Step(4).ToArray().Should().NotEqual(first);
        stream.Remaining.Should().Be(598);
        stream.Reset();
        stream.Remaining.Should().Be(600);
        stream.Step(3).ToArray().Should().Equal(first);
    }

    [Fact]
    public void Nothing_is_recorded_on_an_open_tape_and_no_scope_owns_what_lasts()
    {
        using var model = GptTests.Lively(Small);
        TokenStream stream;
        using (var tape = new Tape())
        {
            stream = model.NewStream();
            stream.Read([1, 2, 3]);
            tape.Count.Should().Be(0);
        }

        stream.Step(4).ToArray().Should().OnlyContain(x => float.IsFinite(x));
        stream.Dispose();
        stream.Logits.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void Steps_allocate_little_and_no_more_the_longer_the_text_is()
    {
        Requires.Cpu("the bound is for the CPU's kernels, and queueing one on a GPU leaves a little more garbage");
        using var model = GptTests.Lively(Small with { Positions = PositionKind.Rotary });
        using var stream = model.NewStream();
        long early = AllocatedAt(30), late = AllocatedAt(230);
        late.Should().BeLessThan(early + 2_000);
        (late / 10).Should().BeLessThan(24_000);

        long AllocatedAt(int position)
        {
            stream.Reset();
            stream.Read([.. Enumerable.Range(0, position).Select(i => i % 7)]);
            return Garbage.Of(() =>
            {
                for (var i = 0; i < 10; i++)
                    stream.Step(i % 7);
            });
        }
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        using var model = GptTests.Lively(Small with { MaximumLength = 4 });
        using var stream = model.NewStream(2);
        stream.Invoking(s => s.Step(1)).Should().Throw<ArgumentException>().WithMessage("*there should be 2 tokens*got 1*");
        stream.Invoking(s => s.Read([])).Should().Throw<ArgumentException>().WithMessage("*at least one token*");
        stream.Invoking(s => s.Step([1, 99]).ToArray()).Should().Throw<ArgumentException>().WithMessage("*99*");
        stream.Invoking(s => s.Reorder([0])).Should().Throw<ArgumentException>().WithMessage("*2 rows; got 1*");
        stream.Invoking(s => s.Reorder([0, 2])).Should().Throw<ArgumentException>().WithMessage("*2*");
        stream.Read([1, 2, 3]);
        stream.Invoking(s => s.Read([1, 2])).Should().Throw<InvalidOperationException>()
            .WithMessage("*at most 4 tokens; 3 have been read, so 2 more do not fit*");
        stream.Step([1, 2]);
        stream.Remaining.Should().Be(0);
        stream.Invoking(s => s.Step([1, 2])).Should().Throw<InvalidOperationException>();
    }

    private static int[] Tokens(int batch, int steps) =>
        [.. Enumerable.Range(0, batch * steps).Select(i => ((i * i) + (i / 3)) % 11)];

    private static int[] Column(int[] tokens, int batch, int t) =>
        [.. Enumerable.Range(0, batch).Select(b => tokens[(b * (tokens.Length / batch)) + t])];
}
