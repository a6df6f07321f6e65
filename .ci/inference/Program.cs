// Generates with an LSTM and a GPT of random weights: .ci/run runs this program compiled while it runs and ahead of time, which
// must print the same. With the argument "devices" it lists devices and asks for a GPU, which a program without ILGPU must refuse
// with a reason.
using System.Runtime.InteropServices;
using SeqCore;
using SeqCore.Models;

const int vocabularySize = 96;

if (args is ["devices"])
{
    foreach (var info in Device.List())
        Console.WriteLine($"{info.Device}: {info.Description}{(info.UnusableReason is null ? "" : $"; {info.UnusableReason}")}");
    try
    {
        Device.Parse("cuda").CreateBackend().Dispose();
        Console.WriteLine("cuda was made");
    }
    catch (NotSupportedException refusal)
    {
        Console.WriteLine($"refused: {refusal.Message}");
    }

    return;
}

Console.WriteLine(Device.Cpu.GetInfo().Description);
var random = new RandomGenerator(seed: 1);
var sizes =
    new RecurrentLanguageModelOptions { VocabularySize = vocabularySize, EmbeddingSize = 64, HiddenSize = 200, Layers = 2 };
Generate("LSTM", new RecurrentLanguageModel(sizes, random));
var options = new GptOptions { VocabularySize = vocabularySize, MaximumLength = 128, Layers = 3, HeadCount = 4, ModelSize = 112 };
Generate("GPT", new Gpt(options, random));

// The tokens of a text, and a hash (FNV-1a, 64 bits) of the bits of all logits.
static void Generate(string name, LanguageModel model)
{
    using var stream = model.NewStream();
    var generator = new TextGenerator(stream, new Sampler(new RandomGenerator(seed: 2), temperature: 0.8f));
    var hash = 0xCBF29CE484222325ul;
    var text = generator.Generate([1, 2, 3, 4, 5, 6, 7], new GenerationOptions { MaximumLength = 100 }, _ =>
    {
        foreach (var bits in MemoryMarshal.AsBytes(stream.Logits.ToArray().AsSpan()))
            hash = (hash ^ bits) * 0x100000001B3ul;
    })[0];
    Console.WriteLine($"{name}: {string.Join(' ', text.Tokens.ToArray())}");
    Console.WriteLine($"{name}: logits {hash:x16}");
    model.Dispose();
}
