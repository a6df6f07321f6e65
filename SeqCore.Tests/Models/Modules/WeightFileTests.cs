using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

public sealed class WeightFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Loaded_weights_and_buffers_are_those_that_were_saved()
    {
        using var trained = New(1);
        trained.Forward(Tensor.RandomNormal([4, 3], new RandomGenerator(5)));
        trained.SaveWeights(folder.File("weights.safetensors"));
        using var other = New(2);
        other.LoadWeights(folder.File("weights.safetensors"));
        foreach (var (name, tensor) in trained.StateDictionary())
            other.StateDictionary()[name].ToArray().Should().Equal(tensor.ToArray(), name);
    }

    [Fact]
    public void What_does_not_fit_changes_nothing()
    {
        using var trained = New(1);
        trained.SaveWeights(folder.File("weights.safetensors"));
        using var wider = new Sequential(new Linear(3, 4, new RandomGenerator(2)));
        var before = wider.StateDictionary()["0.weight"].ToArray();
        wider.Invoking(w => w.LoadWeights(folder.File("weights.safetensors"))).Should().Throw<StateDictionaryException>();
        wider.StateDictionary()["0.weight"].ToArray().Should().Equal(before);
        wider.Invoking(w => w.LoadWeights(folder.File("none.safetensors"))).Should().Throw<FileNotFoundException>();

        var damaged = File.ReadAllBytes(folder.File("weights.safetensors"));
        damaged[^3] ^= 1;
        trained.Invoking(t => t.LoadWeights(folder.Write("damaged.safetensors", damaged))).Should().Throw<TensorFileException>()
            .WithMessage("*CRC*");
    }

    [Fact]
    public void A_checkpoint_is_told_apart()
    {
        using var model = Text.TextClassifierTests.New();
        var texts = Text.TextClassifierTests.Reviews(8);
        using var task = new TextClassifierTask(model, texts, texts, 4, 1);
        using var optimizer = new Adam(model.Parameters());
        new Trainer(task, optimizer, new TrainerOptions { Steps = 1, Folder = folder.Path, CheckpointEvery = 1 }).Run();
        model.Invoking(m => m.LoadWeights(Directory.GetFiles(folder.Path, "*.safetensors")[0])).Should()
            .Throw<CheckpointException>().WithMessage("*is a checkpoint of a run*");
    }

    private static Sequential New(ulong seed) =>
        new(new Linear(3, 5, new RandomGenerator(seed)), new BatchNorm(5), new Linear(5, 2, new RandomGenerator(seed + 9)));
}
