using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

public class ModuleFileTests
{
    [Fact]
    public void Weights_survive_a_safetensors_file_bit_for_bit()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using RecurrentLanguageModel from = Make(1), to = Make(2);
            SafetensorsFile.Write(path, from.StateDictionary());
            using var file = SafetensorsFile.Open(path);
            to.LoadStateDictionary(file.ReadAll());
            foreach (var (name, value) in from.StateDictionary())
                to.StateDictionary()[name].ToArray().Should().Equal(value.ToArray(), name);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static RecurrentLanguageModel Make(ulong seed) =>
        new(new() { VocabularySize = 7, EmbeddingSize = 5, HiddenSize = 5, Layers = 2, TieWeights = true },
            new RandomGenerator(seed));
}
