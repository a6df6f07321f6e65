using System.Runtime.InteropServices;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Saving;

/// <summary>
/// Models that commit 712a628 saved, whose Transformers had a class of layer each, with the logits that it computed: files stay
/// readable, and mean the same.
/// </summary>
public class SavedModelTests
{
    public static TheoryData<string> Names => [.. Golden.Read("saved_models.json").EnumerateObject().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_s_file_from_before_loads_and_is_written_again_with_the_same_weights(string name)
    {
        var saved = Golden.Read("saved_models.json").GetProperty(name);
        using var folder = new TemporaryFolder();
        string path = folder.File("before.safetensors"), again = folder.File("again.safetensors");
        File.WriteAllBytes(path, saved.GetProperty("file").GetBytesFromBase64());
        using var scope = new TensorScope();
        using Model model = name.StartsWith("gpt", StringComparison.Ordinal) ? Gpt.Load(path)
            : name == "bert" ? Bert.Load(path) : SeqCore.Models.Transformer.Load(path);
        var before = MemoryMarshal.Cast<byte, float>(saved.GetProperty("logits").GetBytesFromBase64()).ToArray();
        Logits(model).ShouldBeCloseTo(Tensor.FromSpan(before, saved.GetProperty("shape").Integers()), 1e-5f, name);
        model.Save(again);
        using SafetensorsFile old = SafetensorsFile.Open(path), now = SafetensorsFile.Open(again);
        now.Entries.Keys.Should().BeEquivalentTo(old.Entries.Keys);
        foreach (var weight in old.Entries.Keys)
            now.Read(weight).ToArray().Should().Equal(old.Read(weight).ToArray(), weight);
    }

    private static Tensor Logits(Model model)
    {
        IndexTensor tokens = IndexTensor.FromSpan([1, 2, 3, 4, 5, 6, 0, 1, 3, 5], [2, 5]),
            lengths = IndexTensor.FromSpan([5, 3], [2]), sources = IndexTensor.FromSpan([1, 2, 3, 8, 5, 6, 0, 2], [2, 4]),
            sourceLengths = IndexTensor.FromSpan([4, 2], [2]), targets = IndexTensor.FromSpan([0, 4, 1, 6, 2, 3], [2, 3]);
        return model switch
        {
            Gpt gpt => gpt.Predict(tokens).Value,
            Bert bert => bert.PredictTokens(bert.Encode(tokens, lengths)).Value,
            _ => ((SeqCore.Models.Transformer)model).Forward(sources, sourceLengths, targets).Value,
        };
    }
}
