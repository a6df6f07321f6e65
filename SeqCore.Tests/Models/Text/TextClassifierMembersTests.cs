using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

/// <summary>Several networks of a classifier that decide together.</summary>
public sealed class TextClassifierMembersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static TextClassifier Three(TimePoolingKind pooling = TimePoolingKind.Max) => TextClassifierTests.New(o => o with
    {
        Members = 3,
        Pooling = pooling,
        Dropout = 0f,
        TokenDropout = 0f,
    });

    [Fact]
    public void Members_decide_by_the_mean_of_their_logits_and_learn_from_their_own_losses()
    {
        var texts = TextClassifierTests.Reviews(5);
        using var all = Three();
        using var scope = new TensorScope();
        using var batch = new PaddedBatch([.. texts.Select(t => all.Tokenizer.Encode(t.Text))]);
        var (logits, losses) = (new List<float[]>(), new List<float>());
        for (var member = 0; member < 3; member++)
        {
            using var one = TextClassifierTests.New(o => o with
            {
                Pooling = TimePoolingKind.Max,
                Dropout = 0f,
                TokenDropout = 0f,
            });
            var prefix = $"members.{member}.";
            one.LoadStateDictionary(all.StateDictionary().Where(w => w.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(w => w.Key[prefix.Length..], w => w.Value));
            logits.Add(one.Forward(batch.Tokens, batch.Lengths).Value.ToArray());
            losses.Add(one.Loss(texts).Value.Item());
        }

        logits[1].Should().NotEqual(logits[0]).And.NotEqual(logits[2]);
        float[] mean = [.. logits[0].Select((first, i) => (first + logits[1][i] + logits[2][i]) / 3f)];
        all.Forward(batch.Tokens, batch.Lengths).Value.ToArray().ShouldBeCloseTo(mean, 1e-6f, "logits");
        all.Loss(texts).Value.Item().Should().BeApproximately(losses.Average(), 1e-6f);
        all.Score(texts).Loss.Should().BeLessThan(losses.Average(), "the cross-entropy is convex");
    }

    [Theory]
    [InlineData(TimePoolingKind.Attention)]
    [InlineData(TimePoolingKind.Mean)]
    public void A_saved_model_predicts_the_same_bits(TimePoolingKind pooling)
    {
        using var model = Three(pooling);
        TextClassifierTests.Train(model, TextClassifierTests.Reviews(60), 40).Accuracy.Should().BeGreaterThan(0.9);
        model.Save(folder.File("model.safetensors"));
        using var loaded = TextClassifier.Load(folder.File("model.safetensors"));
        loaded.Options.Members.Should().Be(3);
        string[] unseen = [.. TextClassifierTests.Reviews(20, seed: 2).Select(r => r.Text), "", "zyzzyva"];
        foreach (var (own, other) in model.Predict(unseen).Zip(loaded.Predict(unseen)))
        {
            other.Probabilities.Should().Equal(own.Probabilities);
            if (pooling == TimePoolingKind.Attention)
                own.Weights!.Sum().Should().BeApproximately(1f, 1e-6f);
        }
    }

    [Fact]
    public void A_model_of_one_member_has_the_names_of_a_network()
    {
        using var model = TextClassifierTests.New();
        string[] names = [.. model.NamedParameters().Select(p => p.Key)];
        names.Should().Contain(["encoder.embedding.weight", "head.bias"])
            .And.NotContain(n => n.StartsWith("members", StringComparison.Ordinal));
        FluentActions.Invoking(() => TextClassifierTests.New(o => o with { Members = 0 })).Should().Throw<ArgumentException>()
            .WithMessage("*Members*at least 1*");
    }
}
