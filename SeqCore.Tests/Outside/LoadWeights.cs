using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>What a program does with weights that another program saved, or that another program will load.</summary>
public sealed class LoadWeights : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_file_with_the_names_of_GPT_2_loads_into_a_Gpt_of_its_sizes()
    {
        // GPT-2's activation is the approximation by tanh.
        var options = new GptOptions
        {
            VocabularySize = 50,
            ModelSize = 16,
            HeadCount = 2,
            Layers = 2,
            FeedForwardSize = 64,
            MaximumLength = 32,
            Activation = FeedForwardActivation.GeluTanh,
        };
        using var saved = new Gpt(options, new RandomGenerator(1));
        using (new TensorScope())
            SafetensorsFile.Write(path, saved.StateDictionary(TransformerNames.Gpt2));

        using var loaded = new Gpt(options, new RandomGenerator(2));
        using (new TensorScope())
        {
            using var file = SafetensorsFile.Open(path);
            file.Entries.Keys.Should().Contain("transformer.h.1.attn.c_attn.weight");
            loaded.LoadStateDictionary(file.ReadAll(), TransformerNames.Gpt2);
        }

        var expected = saved.StateDictionary();
        loaded.StateDictionary().Should().AllSatisfy(w => w.Value.ToArray().Should().Equal(expected[w.Key].ToArray()));
    }

    [Fact]
    public void PyTorch_s_encoder_loads_by_the_names_that_a_stack_has()
    {
        var options = new TransformerBlockOptions { ModelSize = 8, HeadCount = 2, FeedForwardSize = 16 };
        using var stack = new TransformerStack(2, options, new RandomGenerator(1), FinalNormOptions.None);
        stack.StateDictionary().Keys.Should().Contain("layers.1.self_attn.in_proj_weight");
        var weights = stack.StateDictionary().Where(w => w.Key != "layers.0.linear1.bias").ToDictionary();
        var load = () => stack.LoadStateDictionary(weights);
        load.Should().Throw<StateDictionaryException>().WithMessage("*layers.0.linear1.bias*");
    }
}
