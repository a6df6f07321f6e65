using SeqCore.Models;

namespace SeqCore.Tests.Models.Decoding;

public class StreamThreadTests
{
    [Fact]
    public void Two_threads_in_one_stream_are_refused()
    {
        var model = new RecurrentLanguageModel(new RecurrentLanguageModelOptions { VocabularySize = 50, HiddenSize = 256 },
            new RandomGenerator(1));
        var gpt = new Gpt(new GptOptions
        {
            VocabularySize = 50, MaximumLength = 100_000, ModelSize = 32, HeadCount = 2,
            Layers = 1
        }, new RandomGenerator(1));
        foreach (var stream in (TokenStream[])[new LanguageModelStream(model), new GptStream(gpt)])
        {
            using (stream)
            {
                AtOnce.FirstError(() => stream.Step(1), () => stream.Step(2)).Should().BeOfType<InvalidOperationException>()
                    .Which.Message.Should().Contain("two threads use it at once. Give each thread its own stream");
                stream.Step(1);
            }
        }
    }

    [Fact]
    public void Streams_of_one_model_give_the_bits_of_one_alone()
    {
        var model = new RecurrentLanguageModel(new RecurrentLanguageModelOptions { VocabularySize = 20, HiddenSize = 32 },
            new RandomGenerator(1));
        float[] Run()
        {
            using var stream = new LanguageModelStream(model);
            for (var i = 0; i < 200; i++)
                stream.Step(i % 20);
            return stream.Logits.ToArray();
        }

        var alone = Run();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Run().Should().Equal(alone));
    }
}
