using SeqCore.Models;

namespace SeqCore.Tests.Models.Transformer;

public class TransformerStreamTests
{
    private static readonly int[] Sources = [1, 2, 3, 4, 8, 7, 5, 0];

    [Theory]
    [InlineData(PositionKind.Sinusoidal, false, 0)]
    [InlineData(PositionKind.Learned, true, 1)]
    [InlineData(PositionKind.Rotary, true, 0)]
    [InlineData(PositionKind.Alibi, false, 1)]
    public void Every_beam_predicts_what_the_whole_target_predicts(PositionKind positions, bool normFirst, int keyHeads)
    {
        const int beams = 3, steps = 10;
        using var scope = new TensorScope();
        using var model = TransformerTests.Lively(TransformerTests.Small with
        {
            Positions = positions,
            MaximumLength = 12,
            Layer = TransformerTests.Small.Layer with
            {
                NormFirst = normFirst,
                KeyHeadCount = keyHeads,
                Dropout = 0.4f,
                ValueHeadSize = normFirst ? 3 : 0,
                Softcap = normFirst ? 0.5f : null,
            },
        });
        using IndexTensor source = TransformerTests.Tokens(Sources, 2), lengths = IndexTensor.FromSpan([4, 2], [2]);
        using var stream = model.NewStream(source, lengths, beams);
        stream.KeepsAttention = true;
        stream.BatchSize.Should().Be(6);
        int[] targets = [.. Enumerable.Range(0, 6 * steps).Select(i => i * i % 7)];
        using IndexTensor sixSources = TransformerTests.Tokens([.. Repeat(Sources[..4]), .. Repeat(Sources[4..])], 6),
            sixLengths = IndexTensor.FromSpan([4, 4, 4, 2, 2, 2], [6]);
        using var whole = TransformerTests.Tokens(targets, 6);
        model.Evaluate();
        var expected = model.Forward(sixSources, sixLengths, whole, returnAttention: true);
        model.Train();
        for (var t = 0; t < steps; t++)
        {
            stream.Step([.. Enumerable.Range(0, 6).Select(b => targets[(b * steps) + t])])
                .ShouldBeCloseTo(expected.Logits.Value.Select(1, t), 1e-5f, $"step {t}");
            stream.Attention.Should().HaveCount(2);
            for (var l = 0; l < 2; l++)
            {
                stream.Attention[l].ShouldBeCloseTo(expected.Attention[l].Value.Select(2, t), 1e-5f,
                    $"attention of layer {l}, step {t}");
            }
        }

        static int[] Repeat(int[] row) => [.. Enumerable.Repeat(row, beams).SelectMany(r => r)];
    }

    [Fact]
    public void A_prompt_read_in_one_pass_is_a_prompt_read_token_by_token()
    {
        using var scope = new TensorScope();
        using var model = TransformerTests.Lively(TransformerTests.Small);
        using var source = TransformerTests.Tokens(Sources, 2);
        using EncoderDecoderStream atOnce = model.NewStream(source, null, 2), oneByOne = model.NewStream(source, null, 2);
        (atOnce.KeepsAttention, oneByOne.KeepsAttention) = (true, true);
        foreach (var token in new[] { 0, 3, 5 })
            oneByOne.Step([token, token, token, token]);
        atOnce.Read([0, 3, 5]).ShouldBeCloseTo(oneByOne.Logits, 1e-5f, "logits");
        for (var l = 0; l < 2; l++)
            atOnce.Attention[l].ShouldBeCloseTo(oneByOne.Attention[l], 1e-5f, "attention");
    }

    [Fact]
    public void Beams_move_among_those_of_their_source_and_a_reset_begins_anew()
    {
        using var scope = new TensorScope();
        using var model = TransformerTests.Lively(TransformerTests.Small);
        using var source = TransformerTests.Tokens(Sources, 2);
        using EncoderDecoderStream moved = model.NewStream(source, null, 2), straight = model.NewStream(source, null, 2);
        var first = moved.Step([0, 1, 2, 3]).ToArray();
        moved.Reorder([1, 1, 3, 2]);
        straight.Step([1, 1, 3, 2]);
        moved.Logits.ShouldBeCloseTo(straight.Logits, 1e-6f, "logits");
        moved.Step([4, 5, 6, 0]).ShouldBeCloseTo(straight.Step([4, 5, 6, 0]), 1e-6f, "next");
        moved.Reset();
        moved.Step([0, 1, 2, 3]).ToArray().Should().Equal(first);
        moved.Invoking(s => s.Reorder([0, 2, 2, 3]))
            .Should().Throw<ArgumentException>().WithMessage("*row 1 cannot continue from row 2*");
        moved.Invoking(s => s.Reorder([0, 1])).Should().Throw<ArgumentException>().WithMessage("*4 rows; got 2*");
    }

    [Fact]
    public void Nothing_is_recorded_and_what_the_source_was_may_go()
    {
        using var model = TransformerTests.Lively(TransformerTests.Small with { MaximumLength = 4 });
        EncoderDecoderStream stream;
        using (var tape = new Tape())
        {
            using IndexTensor source = TransformerTests.Tokens(Sources, 2), lengths = IndexTensor.FromSpan([4, 2], [2]);
            stream = model.NewStream(source, lengths);
            stream.Step([0, 0]);
            tape.Count.Should().Be(0);
        }

        stream.Attention.Should().BeEmpty();
        stream.Read([1, 2, 3]).ToArray().Should().OnlyContain(x => float.IsFinite(x));
        stream.Remaining.Should().Be(0);
        stream.Invoking(s => s.Step([0, 0])).Should().Throw<InvalidOperationException>()
            .WithMessage("TransformerStream: the model looks back on at most 4 tokens*");
        stream.Dispose();
    }
}
